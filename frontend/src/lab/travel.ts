/** Going back and forth in a run: what was seen, what was measured before, and where it is taken. */

import type { FrameMessage, ServerMessage, StateMessage } from "../messages.ts";
import { Album } from "./album.ts";
import type { Past } from "./bands.ts";
import type { Run } from "./run.ts";

/** How a step is reached: it is there, so many steps on, or by running again from the beginning. */
export type Way = { kind: "here" } | { kind: "on"; steps: number } | { kind: "again" };

export class Travel {
  past: Past | null = null; // what was recorded before the run was taken back or started again
  scrubbed: number | null = null; // the step under a dragged playhead
  private target: { step: number; since: number } | null = null; // where it is being taken
  private readonly album = new Album();

  constructor(private readonly run: Run) {}

  /** The step that is shown: where the run stands, where it is taken, or under the playhead. */
  get at(): number {
    return this.scrubbed ?? this.target?.step ?? this.run.step;
  }

  /** The furthest step that is known. */
  get last(): number {
    return Math.max(this.run.step, this.past?.forked === null ? this.past.last : 0);
  }

  get onTheWay(): boolean {
    return this.target !== null;
  }

  /** The step to which it has been on its way for longer than this; else null. */
  longer(milliseconds: number): number | null {
    return this.target && performance.now() - this.target.since > milliseconds ? this.target.step : null;
  }

  keep(frame: FrameMessage, bytes: number): void {
    this.album.add(frame, bytes);
  }

  /** A run has begun that is not the same as before. */
  clear(): void {
    if (!this.target) this.album.clear();
  }

  /** Whether a message is of a step on the way, at which nobody looks. */
  passes(message: ServerMessage): boolean {
    return message.type === "frame" && this.target !== null && message.step < this.target.step;
  }

  /** A state of the run: it may have arrived, or have ended before. */
  arrive({ state, step }: StateMessage): void {
    if (!this.target) return;
    const goes = state === "queued" || state === "running" || state === "paused";
    if (!goes || (state === "paused" && step >= this.target.step)) this.target = null;
  }

  /** Hold the playhead over a step; what was seen there, if anything. */
  scrub(step: number): FrameMessage | null {
    this.scrubbed = step;
    return this.album.at(step);
  }

  /** The way to a step; null when it is being taken there already. */
  way(step: number): Way | null {
    const { run } = this;
    this.scrubbed = null;
    if (this.target?.step === step) return null;
    if (run.open && !this.target && step >= run.step) {
      return step === run.step ? { kind: "here" } : { kind: "on", steps: step - run.step };
    }
    const known = this.past?.forked === null && this.past.last >= run.step;
    if (!known && !this.target) this.past = { scalars: run.scalars, last: run.step, forked: null };
    this.target = { step, since: performance.now() };
    return { kind: "again" };
  }

  /** A turned knob leads to another future than the one that was recorded; whether there was one. */
  fork(): boolean {
    const { past, run } = this;
    const other = past?.forked === null && past.last > run.step;
    if (past && other) past.forked = run.step;
    this.album.dropFrom(run.step + 1);
    return other;
  }

  /** Another run takes the place of this one, which is remembered beside it. */
  leave(): void {
    const { run } = this;
    if (run.step > 1) this.past = { scalars: run.scalars, last: run.step, forked: 0 };
    else if (this.past) this.past = { ...this.past, forked: 0 };
    this.target = null;
    this.scrubbed = null;
  }
}
