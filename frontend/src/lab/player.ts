/** A recording in place of a run: it answers what a figure asks, from a file that the page has whole. */

import { decode } from "../frames.ts";
import type { Command, FrameMessage, RunMessage, ScalarsMessage, ServerMessage, Start, StateMessage } from "../messages.ts";
import { phrase } from "../words.ts";

const TICK = 40; // milliseconds
const LONGEST = 250; // that one tick may count for: a page that slept does not leap
const FULL = 2; // seconds for all of it, at full speed
const ENDS = ["finished", "failed", "stopped"];
const HEAD = 8; // bytes before the first message, and before each: its length, its checksum

export interface PlayerListener {
  opened(): void;
  heard(message: ServerMessage, bytes: number): void;
}

/** The messages of a file that `fathom.lab.recording` wrote. */
export function unpack(file: ArrayBuffer): { message: ServerMessage; bytes: number }[] {
  const found: { message: ServerMessage; bytes: number }[] = [];
  const view = new DataView(file);
  for (let at = HEAD; at + HEAD <= file.byteLength; ) {
    const bytes = view.getUint32(at, true);
    const data = file.slice(at + HEAD, at + HEAD + bytes);
    if (data.byteLength < bytes) break;
    found.push({ message: decode(data) as unknown as ServerMessage, bytes });
    at += HEAD + bytes;
  }
  return found;
}

/** The numbers of the steps after `from`, up to `to`; null where a block has none. */
export function between(block: ScalarsMessage, from: number, to: number): ScalarsMessage | null {
  const all = block.steps.data;
  const picked = [...all.keys()].filter((i) => all[i]! > from && all[i]! <= to);
  if (!picked.length) return null;
  const values = block.names.flatMap((_, row) => picked.map((i) => block.values.data[row * all.length + i]!));
  return {
    ...block,
    steps: { data: Int32Array.from(picked, (i) => all[i]!), shape: [picked.length] },
    values: { data: Float64Array.from(values), shape: [block.names.length, picked.length] },
  };
}

export class Player {
  private head: RunMessage | null = null;
  private readonly blocks: ScalarsMessage[] = [];
  private readonly frames: { frame: FrameMessage; bytes: number }[] = [];
  private readonly turns: Extract<ServerMessage, { type: "turned" }>[] = [];
  private end: StateMessage | null = null;
  private last = 0; // step
  private at = -1; // where it stands
  private shown = -1; // the frame that was shown last
  private pace = 0;
  private timer = 0;
  private ticked = 0;
  private loading = false;
  private closed = false;

  constructor(
    private readonly address: string,
    private readonly listener: PlayerListener,
  ) {
    void this.load();
  }

  /** False until the file is there: whoever sends must say it again then. */
  send(command: Command): boolean {
    if (!this.head) return false;
    switch (command.type) {
      case "start":
        this.start(command);
        break;
      case "attach":
        this.start({ paused: true });
        break;
      case "play":
        this.go();
        break;
      case "pause":
        this.stand("paused");
        break;
      case "stop":
        this.stand("stopped");
        break;
      case "step":
        this.stand("paused");
        this.leap(this.at + command.count);
        break;
      case "pace":
        this.pace = command.steps;
        break;
    }
    return true; // a recording has no knobs, and waits for nobody who draws
  }

  /** Fetch the file once more. */
  again(): void {
    if (!this.head && !this.loading) void this.load();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async load(): Promise<void> {
    this.loading = true;
    try {
      const reply = await fetch(this.address);
      if (!reply.ok) throw new Error(reply.statusText);
      for (const one of unpack(await reply.arrayBuffer())) this.take(one);
      if (!this.head || !this.frames.length) throw new Error("empty");
    } catch {
      this.head = null;
      const why = phrase("The recording could not be loaded. Perhaps the server is not there: start it, then try again.");
      this.listener.heard({ type: "state", state: "failed", step: 0, of: 0, why, seconds: 0 }, 0);
      return;
    } finally {
      this.loading = false;
    }
    if (!this.closed) this.listener.opened();
  }

  private take({ message, bytes }: { message: ServerMessage; bytes: number }): void {
    if (message.type === "run") this.head = message;
    else if (message.type === "scalars") this.blocks.push(message);
    else if (message.type === "turned") this.turns.push(message);
    else if (message.type === "state" && ENDS.includes(message.state)) this.end = message;
    else if (message.type === "frame") {
      this.frames.push({ frame: message, bytes });
      this.last = Math.max(this.last, message.step);
    }
  }

  private start({ pace = null, paused, until = 0 }: Partial<Start>): void {
    clearTimeout(this.timer);
    this.at = this.shown = -1;
    this.pace = pace ?? this.head!.pace;
    this.listener.heard({ ...this.head!, turns: [], pace: this.pace }, 0);
    this.leap(until);
    if (this.at < this.last) {
      if (paused || until) this.stand("paused");
      else this.go();
    }
  }

  private go(): void {
    this.ticked = performance.now();
    this.tell("running");
    this.timer = window.setTimeout(() => this.tick(), TICK);
  }

  private tick(): void {
    const now = performance.now();
    const pace = this.pace || this.last / FULL;
    this.advance(Math.min(this.last, this.at + (pace * Math.min(LONGEST, now - this.ticked)) / 1000));
    this.ticked = now;
    if (this.at >= this.last) this.finish();
    else this.timer = window.setTimeout(() => this.tick(), TICK);
  }

  /** To the first picture that is not before a step. */
  private leap(step: number): void {
    const there = this.frames.find(({ frame }) => frame.step >= step)?.frame.step ?? this.last;
    this.advance(Math.max(there, this.at));
    if (this.at >= this.last) this.finish();
  }

  /** Everything that was said after the step where it stands, up to this one. */
  private advance(to: number): void {
    for (const block of this.blocks) {
      const some = between(block, this.at, to);
      if (some) this.listener.heard(some, 0);
    }
    for (const one of this.turns) if (one.step > this.at && one.step <= to) this.listener.heard(one, 0);
    this.at = to;
    let seen = this.shown;
    while (seen + 1 < this.frames.length && this.frames[seen + 1]!.frame.step <= to) seen++;
    if (seen === this.shown) return;
    this.shown = seen;
    const { frame, bytes } = this.frames[seen]!;
    this.listener.heard(frame, bytes);
  }

  private stand(state: "paused" | "stopped"): void {
    clearTimeout(this.timer);
    this.tell(state);
  }

  private finish(): void {
    clearTimeout(this.timer);
    if (this.end) this.listener.heard({ ...this.end, rests: false, still: false }, 0);
    else this.tell("stopped"); // the file was cut off
  }

  private tell(state: StateMessage["state"]): void {
    const step = Math.max(0, Math.floor(this.at));
    const { of } = this.frames[0]!.frame;
    this.listener.heard({ type: "state", state, step, of, why: "", seconds: 0 }, 0);
  }
}
