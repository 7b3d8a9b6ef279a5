/** Adding points of one's own by clicking into a picture. */

import { make } from "../draw/dom.ts";
import { classMark } from "../draw/marks.ts";
import { readPoints, write, type Knob, type Point } from "../knobs.ts";
import type { Known } from "../link.ts";
import type { FrameMessage, PointsView } from "../messages.ts";
import { phrase } from "../words.ts";

const CLASSES = 2; // the two that a network with one output can tell apart

let made = 0; // drawings so far

class Drawing {
  readonly root: HTMLElement;
  private label = 0;
  private readonly radios: HTMLInputElement[] = [];

  /** `text` is what the knob holds now; `turn` gives it another text; `classes` to choose from. */
  constructor(
    private readonly knob: Knob,
    private readonly text: () => string,
    private readonly turn: (text: string) => void,
    classes: readonly string[],
  ) {
    const group = `class-${knob.name}-${++made}`; // a page may have several figures with this knob
    const choices = classes.map((name, i) => {
      const radio = make("input", {
        type: "radio", name: group, value: i, onchange: () => (this.label = i),
      });
      radio.checked = i === 0;
      this.radios.push(radio);
      return make("label", {}, radio, classMark(i), make("span", {}, name));
    });
    this.root = make(
      "div",
      { class: "drawing", role: "group", "aria-label": phrase("points of your own") },
      make("span", { class: "quiet" }, classes.length ? phrase("click to add:") : phrase("click: {what}", { what: knob.help })),
      make("span", { class: "words" }, ...choices),
      make(
        "span",
        { class: "drawing-back" }, // side by side, also where the line is too short for both
        make("button", { type: "button", onclick: () => this.change((all) => all.slice(0, -1)) }, phrase("undo")),
        make("button", { type: "button", onclick: () => this.change(() => []) }, phrase("clear")),
      ),
    );
  }

  /** Keys 1 and 2 choose the class. */
  choose(label: number): void {
    const radio = this.radios[label];
    if (!radio) return;
    this.label = label;
    radio.checked = true;
  }

  add(x: number, y: number): void {
    const { low, high } = this.knob;
    const within = (value: number) => Math.min(high, Math.max(low, value));
    this.change((all) => [...all, [within(x), within(y), this.label]]);
  }

  private change(edit: (all: Point[]) => Point[]): void {
    this.turn(write(this.knob, edit(readPoints(this.text()) ?? [])));
  }
}

/** The pictures of a figure that take clicks. */
export class Drawings {
  private readonly made = new Map<string, Drawing>(); // by the name of the view of points

  constructor(
    private readonly known: Known,
    private readonly text: (knob: string) => string,
    private readonly turn: (knob: string, text: string) => void,
  ) {}

  /** Put the buttons under every picture that takes points. */
  offer(frame: FrameMessage, panel: (view: string) => HTMLElement | undefined): void {
    for (const [name, view] of taking(frame)) {
      const knob = this.known[view.knob];
      const below = panel(view.on || name);
      if (!knob || !below || below.querySelector(".drawing")) continue;
      const [text, turn] = [() => this.text(knob.name), (said: string) => this.turn(knob.name, said)];
      const drawing = new Drawing(knob, text, turn, classes(view));
      this.made.set(name, drawing);
      below.append(drawing.root);
    }
  }

  /** A click in the picture of this name, in the units of its axes. */
  clicked(frame: FrameMessage, into: string, x: number, y: number): void {
    for (const [name, view] of taking(frame)) {
      if (name === into || view.on === into) this.made.get(name)?.add(x, y);
    }
  }

  choose(label: number): void {
    for (const one of this.made.values()) one.choose(label);
  }
}

/** What the classes of new points are called; none where points have no class. */
function classes(view: PointsView): string[] {
  if (!view.label && !view.value) return [];
  return Array.from({ length: CLASSES }, (_, i) => view.names[i] || phrase("class {number}", { number: i }));
}

function taking(frame: FrameMessage): [string, PointsView][] {
  return Object.entries(frame.views).filter(
    (one): one is [string, PointsView] => one[1].kind === "points" && Boolean(one[1].knob),
  );
}
