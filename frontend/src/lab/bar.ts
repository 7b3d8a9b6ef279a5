/** The bar under a figure: what the run does, how far it is, and what one can do. */

import { make, say } from "../draw/dom.ts";
import type { StateMessage } from "../messages.ts";
import { duration, general, spoken } from "../numbers.ts";
import { phrase } from "../words.ts";
import { icon } from "./icons.ts";
import { Pacing } from "./pacing.ts";
import type { Sentence } from "./speak.ts";

export interface BarListener {
  toggle(): void;
  step(): void;
  restart(): void;
  stop(): void;
  pace(steps: number | null): void;
  knobs(): void;
}

export interface WayOn {
  label: string;
  act(): void;
}

/** The speeds to choose from, in steps a second; 0 is as fast as it goes. */
export function paces(own: number): [steps: number, label: string][] {
  const base = own || 20;
  const named: [number, string][] = [
    [Math.max(1, Math.round(base / 10)), phrase("slow")],
    [base, phrase("normal")],
    [base * 4, phrase("fast")],
    [0, phrase("full speed")],
  ];
  return named.map(([steps, word]) => [steps, steps ? `${word}, ${general(steps)}/s` : word]);
}

export class Bar {
  private readonly play: HTMLButtonElement;
  private readonly stopper: HTMLButtonElement;
  private readonly stepper: HTMLButtonElement;
  private readonly speed = make("select", { "aria-label": phrase("speed in steps a second"), class: "speed" });
  private readonly meter = make("progress", { "aria-label": phrase("progress of the run"), max: 1, value: 0 });
  private readonly where = make("span", { class: "where" });
  private readonly left = make("span", { class: "left" });
  private readonly status = make("p", { class: "status", hidden: true });
  private readonly sentence = make("span");
  private readonly ways = make("span", { class: "ways" });
  private readonly pacing = new Pacing();

  constructor(el: HTMLElement, listener: BarListener, private readonly own: number) {
    this.play = button("play", phrase("play"), phrase("Space"), () => listener.toggle());
    this.play.classList.add("main");
    this.stepper = button("step", phrase("one step"), "→", () => listener.step());
    this.stopper = button("stop", phrase("stop"), "", () => listener.stop());
    this.speed.addEventListener("change", () => {
      const steps = Number(this.speed.value);
      listener.pace(steps === own ? null : steps);
    });
    const knobs = button("knobs", phrase("knobs"), "", () => listener.knobs());
    knobs.classList.add("to-knobs");
    this.status.append(this.sentence, this.ways);
    const buttons = make(
      "div",
      { class: "buttons", role: "group", "aria-label": phrase("the run") },
      this.play,
      this.stepper,
      button("restart", phrase("restart"), "R", () => listener.restart()),
      this.stopper,
      knobs,
    );
    const told = make("div", { class: "told" }, this.where, this.left);
    const row = make("div", { class: "row" }, buttons, this.speed, make("div", { class: "way" }, this.meter, told));
    el.replaceChildren(this.status, row);
    this.pace(own);
  }

  /** Show the speed; one that is not in the list is put there. */
  pace(steps: number): void {
    const known = paces(this.own);
    if (!known.some(([one]) => one === steps)) known.push([steps, `${general(steps)}/s`]);
    this.speed.replaceChildren(...known.map(([one, label]) => make("option", { value: one }, label)));
    this.speed.value = String(steps);
  }

  /** A sentence with what one can do about it; an empty one takes the line away. */
  tell({ tone, text }: Sentence, ways: WayOn[] = []): void {
    this.status.hidden = !text;
    this.status.dataset["tone"] = tone;
    say(this.sentence, text);
    const labels = ways.map(({ label }) => label).join();
    if (this.ways.dataset["labels"] === labels && !ways.length) return;
    this.ways.dataset["labels"] = labels;
    this.ways.replaceChildren(
      ...ways.map(({ label, act }) => make("button", { type: "button", onclick: act }, label)),
    );
  }

  /** Buttons and numbers follow the run. */
  show(state: StateMessage | null, step: number, of: number, now: number): void {
    const name = state?.state;
    const waits = name === "queued";
    const going = name === "running" || (waits && !state?.paused);
    const start = name === "paused" || waits || !name ? phrase("play") : phrase("start again");
    relabel(this.play, going ? "pause" : "play", going ? phrase("pause") : start);
    this.stepper.disabled = !(name === "running" || name === "paused");
    this.stopper.disabled = !(going || waits || name === "paused");
    relabel(this.stopper, "stop", name === "queued" ? phrase("cancel") : phrase("stop"));
    if (of) this.meter.value = Math.min(1, step / of);
    say(this.where, of ? phrase("step {step} of {of}", { step: spoken(step), of: spoken(of) }) : "");
    if (name !== "running") this.pacing.rest();
    say(this.left, name === "running" ? this.timeLeft(step, of, now) : "");
  }

  private timeLeft(step: number, of: number, now: number): string {
    const left = this.pacing.left(step, of, now);
    return left === null ? "" : phrase("about {time} left", { time: duration(left) });
  }
}

function button(name: string, label: string, key: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: `do do-${name}`, onclick: act });
  made.dataset["key"] = key;
  relabel(made, name, label);
  return made;
}

function relabel(one: HTMLButtonElement, sign: string, label: string): void {
  const now = `${sign} ${label}`;
  if (one.dataset["now"] === now) return;
  one.dataset["now"] = now;
  const key = one.dataset["key"];
  one.title = key ? `${label} (${key})` : label;
  one.setAttribute("aria-label", label);
  one.replaceChildren(icon(sign));
}
