/** Turns of live knobs on their way to the run: not more often than the eye can follow. */

const EVERY = 60; // milliseconds between two turns of a knob that is being slid

export class Turner {
  private readonly timers = new Map<string, number>();

  /** `send` sends the value that the knob has by then. */
  constructor(private readonly send: (name: string) => void) {}

  /** Whether a newer value of this knob is about to be sent. */
  busy(name: string): boolean {
    return this.timers.has(name);
  }

  /** The last value always arrives: at once when it is settled, else a moment later. */
  turn(name: string, settled: boolean): void {
    if (settled) this.now(name);
    else if (!this.timers.has(name)) {
      this.timers.set(name, window.setTimeout(() => this.now(name), EVERY));
    }
  }

  private now(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
    this.send(name);
  }
}
