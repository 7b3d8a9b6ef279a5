/** What a figure says in words, for everybody to read, and now and then for those who listen. */

import { make, say } from "../draw/dom.ts";
import type { State } from "../link.ts";
import { spoken } from "../numbers.ts";
import { phrase } from "../words.ts";
import type { About } from "./about.ts";
import { markers } from "./bands.ts";
import { label } from "./labels.ts";
import { fitting, inTheWay, verdict, type Promised } from "./promise.ts";
import type { Run } from "./run.ts";
import { summary } from "./speak.ts";
import type { Told } from "./timeline.ts";
import type { Travel } from "./travel.ts";

const SPEAK_EVERY = 5000; // milliseconds between two sentences of the live region

/** Everything that sentences are about. */
export interface Scene {
  about: About;
  run: Run;
  travel: Travel;
  state: State;
  values: Record<string, string>; // of the knobs, as they stand now
  shown(name: string): boolean; // whether a view or a number is to be seen
}

export class Reading {
  private readonly voice = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
  private readonly nowLine: HTMLElement | null;
  private readonly promiseLine: HTMLElement | null;
  private spoke = 0;

  constructor(
    root: HTMLElement,
    private readonly scene: () => Scene,
  ) {
    this.nowLine = root.querySelector(".now-line");
    this.promiseLine = root.querySelector(".promise-line");
    root.append(this.voice);
  }

  /** Something happened that is to be said at once. */
  interrupt(): void {
    this.spoke = 0;
  }

  /** Seldom enough to be listened to. */
  speak(now: number, status: string): void {
    if (this.spoke && now - this.spoke < SPEAK_EVERY) return;
    if (!this.scene().run.state && !status) return;
    this.spoke = now;
    this.voice.textContent = [status, this.summary()].filter(Boolean).join(" ");
  }

  /** What the figure shows now, and what became of the promise. */
  write(): void {
    if (this.nowLine) {
      const told = this.summary();
      say(this.nowLine, told && `${told[0]!.toUpperCase()}${told.slice(1)}.`);
    }
    const { about, run, values } = this.scene();
    if (!this.promiseLine || !about.promises.length) return;
    const changed = inTheWay(about.promises, about.knobs, values, this.turned());
    const made = verdict(this.promised(), changed, run.state, run.scalars);
    const now = JSON.stringify(made);
    if (!made || this.promiseLine.dataset["now"] === now) return;
    this.promiseLine.dataset["now"] = now;
    this.promiseLine.replaceChildren(
      make("b", {}, phrase("Promise")),
      made.promise ? ` ${made.promise}. ` : " ",
      make("span", { class: made.tone }, made.said),
    );
  }

  /** What the time line shows. */
  told(): Told {
    const { about, run, travel, state } = this.scene();
    const turns = state.turns.filter(([, name]) => !about.knobs[name]?.looks);
    return {
      scalars: run.scalars,
      step: travel.at,
      of: run.of,
      past: travel.past,
      bounds: this.promised()?.bounds ?? [],
      last: travel.last,
      markers: markers(state.knobs, turns, run.of).map((one) => ({ ...one, knob: label(one.knob) })),
      says: this.summary(),
    };
  }

  /** Every picture in a sentence. */
  explain(into: HTMLElement, sentences: [name: string, says: string][]): void {
    const rows = sentences.flatMap(([name, says]) => [
      make("dt", {}, name.replaceAll("_", " ")),
      make("dd", {}, says),
    ]);
    const { frame } = this.scene().run;
    const at = frame ? phrase("At step {step}:", { step: spoken(frame.step) }) : phrase("Nothing has run yet.");
    into.replaceChildren(make("p", {}, at), make("dl", {}, ...rows));
  }

  private turned(): string[] {
    return this.scene().state.turns.map(([, name]) => name);
  }

  private promised(): Promised | null {
    const { about, values } = this.scene();
    return fitting(about.promises, about.knobs, values, this.turned());
  }

  private summary(): string {
    const { about, run, travel, shown } = this.scene();
    const bounds = this.promised()?.bounds ?? about.promises[0]?.bounds ?? []; // what it is about
    return run.scalars.all.size ? summary(travel.at, run.of, run.scalars, bounds, shown) : "";
  }
}
