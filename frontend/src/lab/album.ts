/** The frames that a page has seen, so that dragging through a run shows them at once. */

import type { FrameMessage } from "../messages.ts";

const MOST = 240; // frames kept
const BYTES = 48e6; // and of them together

interface Kept {
  frame: FrameMessage;
  bytes: number;
}

export class Album {
  private kept: Kept[] = []; // in the order of their steps
  private bytes = 0;
  private apart = 1; // steps between two frames at least

  /** Keep a frame; when there are too many, every second one is given up. */
  add(frame: FrameMessage, bytes: number): void {
    const last = this.kept.at(-1);
    if (last && frame.step <= last.frame.step) this.dropFrom(frame.step);
    const before = this.kept.at(-1);
    if (before && frame.step - before.frame.step < this.apart && frame.step < frame.of) return;
    this.kept.push({ frame, bytes });
    this.bytes += bytes;
    while (this.kept.length > MOST || (this.bytes > BYTES && this.kept.length > 2)) this.thin();
  }

  /** The latest one that is not after a step. */
  at(step: number): FrameMessage | null {
    let found: FrameMessage | null = null;
    for (const { frame } of this.kept) {
      if (frame.step > step) break;
      found = frame;
    }
    return found ?? this.kept[0]?.frame ?? null;
  }

  /** What comes from this step on will be another future. */
  dropFrom(step: number): void {
    this.kept = this.kept.filter(({ frame }) => frame.step < step);
    this.bytes = this.kept.reduce((sum, one) => sum + one.bytes, 0);
  }

  clear(): void {
    this.kept = [];
    this.bytes = 0;
    this.apart = 1;
  }

  private thin(): void {
    this.kept = this.kept.filter((_, i) => i % 2 === 0);
    this.bytes = this.kept.reduce((sum, one) => sum + one.bytes, 0);
    const gaps = this.kept.slice(1).map((one, i) => one.frame.step - this.kept[i]!.frame.step);
    this.apart = Math.max(this.apart, Math.min(...gaps, Infinity) === Infinity ? 1 : Math.min(...gaps));
  }
}
