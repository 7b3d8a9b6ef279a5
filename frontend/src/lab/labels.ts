/** What knobs are called where people read them, and what they act on. */

import { phrase } from "../words.ts";

/** A knob in words; a name that has none of its own is read as it stands in the code. */
export function label(name: string): string {
  return spelled()[name] ?? name.replaceAll("_", " ");
}

/** Names that are short in the code because people type them. */
function spelled(): Record<string, string> {
  return {
    lr: phrase("learning rate"),
    batch: phrase("batch size"),
    hidden: phrase("hidden layers"),
    width: phrase("neurons"),
    train: phrase("trained on"),
    data: phrase("data"),
    noise: phrase("noise"),
    size: phrase("points made"),
    points: phrase("your points"),
    activation: phrase("activation"),
    optimizer: phrase("optimizer"),
    weight_decay: phrase("weight decay"),
    steps: phrase("steps"),
    epochs: phrase("epochs"),
    precision: phrase("precision"),
    picture: phrase("your picture"),
    augment: phrase("augmentation"),
    seed: phrase("seed"),
  };
}

const DATA = ["data", "points", "size", "train", "noise", "students", "classes", "picture", "image", "augment", "share"];
const TRAINING = [
  "optimizer", "lr", "momentum", "batch", "weight_decay", "l1", "dropout", "steps", "epochs", "precision",
  "threads", "schedule", "warmup", "patience", "clip", "seed",
];

/** The knobs of an experiment in groups, switches last; a single one without a name when they are few. */
export function groups(names: string[], isSwitch: (name: string) => boolean): [title: string, names: string[]][] {
  const data = names.filter((name) => DATA.includes(name));
  const training = names.filter((name) => TRAINING.includes(name));
  const others = names.filter((name) => !data.includes(name) && !training.includes(name));
  const rest = [...others.filter((name) => !isSwitch(name)), ...others.filter(isSwitch)];
  const found: [string, string[]][] = [
    [phrase("Model"), rest],
    [phrase("Training"), training],
    [phrase("Data"), data],
  ];
  const some = found.filter(([, members]) => members.length);
  return names.length < 8 || some.length < 2 ? [["", names]] : some;
}
