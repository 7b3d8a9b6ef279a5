/** The controls under a figure: what the run does, and what one can do about it. */

import { make, say } from "../draw/dom.ts";
import type { StateMessage } from "../messages.ts";
import { duration, general, spoken } from "../numbers.ts";
import { phrase } from "../words.ts";
import { icon } from "./icons.ts";
import { Pacing } from "./pacing.ts";
import type { Sentence } from "./speak.ts";

export interface BarListener {
  toggle(): void;
  step(count: number): void;
  rewind(): void;
  restart(): void;
  pace(steps: number | null): void;
  knobs(): void;
}

export interface WayOn {
  label: string;
  act(): void;
  first?: boolean; // what most people want
}

/** What the controls show of a run. */
export interface Shown {
  state: StateMessage | null;
  step: number; // where it stands, or is shown
  of: number;
  turned: boolean; // knobs were turned since it started
}

const MOST_STEPS = 100_000; // at once

/** The speeds to choose from, in steps a second; 0 is as fast as it goes. */
export function paces(own: number): [steps: number, label: string][] {
  const base = own || 20;
  return [
    [Math.max(1, Math.round(base / 10)), phrase("slow")],
    [base, phrase("normal")],
    [base * 4, phrase("fast")],
    [0, phrase("full speed")],
  ];
}

let bars = 0; // of this page: each has radio buttons of its own

export class Bar {
  private readonly play: HTMLButtonElement;
  private readonly stepper: HTMLButtonElement;
  private readonly rewinder: HTMLButtonElement;
  private readonly again: HTMLButtonElement;
  private readonly count: HTMLInputElement;
  private readonly speed = make("fieldset", { class: "words speed" });
  private readonly where = make("span", { class: "where" });
  private readonly step = make("b");
  private readonly rest = make("span");
  private readonly left = make("span", { class: "left" });
  private readonly status = make("p", { class: "status", hidden: true });
  private readonly sentence = make("span");
  private readonly ways = make("span", { class: "ways" });
  private readonly pacing = new Pacing();
  private readonly name = `pace-${++bars}`;

  constructor(el: HTMLElement, private readonly listener: BarListener, private readonly own: number) {
    this.play = button("play", phrase("Space"), () => listener.toggle());
    this.play.classList.add("go");
    relabel(this.play, "play", phrase("Play"));
    this.count = make("input", {
      name: "count", inputmode: "numeric", autocomplete: "off", value: "1",
      "aria-label": phrase("how many steps at once"), onchange: () => void this.steps(),
    });
    this.stepper = button("step", "→", () => listener.step(this.steps()));
    relabel(this.stepper, "step", phrase("Step"));
    this.rewinder = button("rewind", "", () => listener.rewind());
    relabel(this.rewinder, "rewind", phrase("Rewind"));
    this.again = button("restart", "R", () => listener.restart());
    relabel(this.again, "restart", phrase("Restart"));
    const knobs = button("knobs", "", () => listener.knobs());
    relabel(knobs, "knobs", phrase("Knobs"));
    this.status.append(this.sentence, this.ways);
    this.where.append(phrase("step"), " ", this.step, this.rest, this.left);
    const count = make("label", { class: "count" }, phrase("by"), this.count);
    el.replaceChildren(
      this.status,
      make(
        "div",
        { class: "ctl", role: "group", "aria-label": phrase("the run") },
        this.play, this.stepper, count, this.rewinder, this.again, knobs, this.speed, this.where,
      ),
    );
    this.pace(own);
  }

  /** How many steps one press takes; nonsense is one. */
  private steps(): number {
    const said = Math.round(Number(this.count.value));
    const steps = said >= 1 ? Math.min(said, MOST_STEPS) : 1;
    this.count.value = String(steps);
    return steps;
  }

  /** Show the speed; one that is not in the list is put there. */
  pace(steps: number): void {
    const known = paces(this.own);
    if (!known.some(([one]) => one === steps)) known.push([steps, `${general(steps)}/s`]);
    const radios = known.map(([one, label]) => {
      const radio = make("input", {
        type: "radio", name: this.name, value: one,
        onchange: () => this.listener.pace(one === this.own ? null : one),
      });
      radio.checked = one === steps;
      const title = one ? phrase("{steps} steps a second", { steps: general(one) }) : phrase("as fast as it goes");
      return make("label", { title }, radio, label);
    });
    this.speed.replaceChildren(make("legend", { class: "unseen" }, phrase("speed")), ...radios);
  }

  /** A sentence with what one can do about it; an empty one takes the line away. */
  tell({ tone, text }: Sentence, ways: WayOn[] = []): void {
    this.status.hidden = !text;
    this.status.dataset["tone"] = tone;
    this.write(text);
    const labels = ways.map(({ label }) => label).join();
    if (this.ways.dataset["labels"] === labels && !ways.length) return;
    this.ways.dataset["labels"] = labels;
    this.ways.replaceChildren(
      ...ways.map(({ label, act, first }) =>
        make("button", { type: "button", class: first ? "btn go" : "btn", onclick: act }, label),
      ),
    );
  }

  /** What happened in bold, why and what to do in plain letters. */
  private write(text: string): void {
    if (this.sentence.textContent === text) return;
    const end = /[.:!?…] (?=\S)/.exec(text)?.index ?? text.length;
    this.sentence.replaceChildren(make("b", {}, text.slice(0, end + 1)), text.slice(end + 1));
  }

  /** Buttons and numbers follow the run. */
  show({ state, step, of, turned }: Shown, now: number): void {
    const name = state?.state;
    const waits = name === "queued";
    const going = name === "running" || (waits && !state?.paused);
    const over = name === "finished" || name === "failed" || name === "stopped" || (!name && step > 0); // gone
    relabel(this.play, going ? "pause" : "play", going ? phrase("Pause") : over ? phrase("Play again") : phrase("Play"));
    this.stepper.disabled = !(name === "running" || name === "paused");
    this.rewinder.disabled = step === 0 || waits;
    this.again.hidden = !turned || over;
    say(this.step, spoken(step));
    if (name !== "running") this.pacing.rest();
    const whole = of ? ` ${phrase("of {of}", { of: spoken(of) })}` : "";
    const left = name === "running" ? this.timeLeft(step, of, now) : "";
    say(this.rest, whole);
    say(this.left, left && `, ${left}`);
  }

  private timeLeft(step: number, of: number, now: number): string {
    const left = this.pacing.left(step, of, now);
    return left === null || left < 3 ? "" : phrase("about {time} left", { time: duration(left) });
  }
}

function button(name: string, key: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: `btn do-${name}`, onclick: act });
  if (name !== "play") made.classList.add("bare");
  made.dataset["key"] = key;
  return made;
}

function relabel(one: HTMLButtonElement, sign: string, label: string): void {
  const now = `${sign} ${label}`;
  if (one.dataset["now"] === now) return;
  one.dataset["now"] = now;
  const key = one.dataset["key"];
  if (key) one.title = `${label} (${key})`;
  one.replaceChildren(icon(sign), label);
}
