/** What the page knows of the run that it watches. */

import type { Knob } from "../knobs.ts";
import type { FrameMessage, RunMessage, ServerMessage, StateMessage, Turn } from "../messages.ts";
import { Scalars } from "../series.ts";

export class Run {
  id: string | null = null;
  turns: Turn[] = [];
  pace: number | null = null;
  state: StateMessage | null = null;
  frame: FrameMessage | null = null;
  scalars = new Scalars();
  step = 0;
  of = 0;
  threads = 0; // that it got: it goes back with as many, to the same numbers

  /** A new run, or the same told from its beginning after the connection came back. */
  begin(message: RunMessage): void {
    this.id = message.id;
    this.turns = [...message.turns];
    this.pace = message.pace;
    this.scalars = new Scalars(); // the old ones may still be shown as what was before
    this.state = null;
    this.step = 0;
    this.threads = 0;
  }

  /** Take in what a message says; what it means for the page is not decided here. */
  hear(message: ServerMessage): void {
    switch (message.type) {
      case "run":
        this.begin(message);
        break;
      case "state":
        this.state = message;
        this.step = message.step;
        this.of = message.of || this.of;
        this.threads = message.threads ?? this.threads;
        break;
      case "scalars": {
        this.scalars.add(message);
        const last = message.steps.data[message.steps.data.length - 1];
        if (last !== undefined) this.step = last;
        this.stepped();
        break;
      }
      case "frame":
        this.frame = message;
        this.step = Math.max(this.step, message.step);
        this.of = message.of || this.of;
        this.stepped();
        break;
      case "turned":
        this.turned(message.step, message.knob, message.value);
        break;
      case "set": // it begins again
        this.scalars = new Scalars();
        this.step = 0;
        break;
    }
  }

  /** A single step of a run that is paused: it is paused at another step now. */
  private stepped(): void {
    if (this.state?.state === "paused") this.state = { ...this.state, step: this.step };
  }

  /** A knob that is turned again before the next step counts once. */
  private turned(step: number, knob: string, value: string): void {
    this.turns = this.turns.filter((one) => one[0] !== step || one[1] !== knob);
    this.turns.push([step, knob, value]);
  }

  /** Whether a live knob or a command can still reach it. */
  get open(): boolean {
    const name = this.state?.state;
    return this.id !== null && (name === "queued" || name === "running" || name === "paused");
  }

  /**
   * Whether this knob can be turned now: before the first step any, on the way one that is live,
   * after the end one that only looks, and in a still any again.
   */
  takes(knob: Knob): boolean {
    if (!this.open) return Boolean(this.state?.rests) && (knob.looks || Boolean(this.state?.still));
    return knob.live || (this.state?.state === "paused" && this.step === 0);
  }
}
