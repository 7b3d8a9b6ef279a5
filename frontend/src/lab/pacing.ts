/** How long a run still takes, from the speed of its last seconds. */

const EVERY = 250; // milliseconds between two samples
const SPAN = 4000; // milliseconds looked back
const ENOUGH = 1000; // milliseconds without which nothing is said

export class Pacing {
  private readonly samples: { at: number; step: number }[] = [];

  /** A run that stands still has no speed, and its pause must not count as slowness. */
  rest(): void {
    this.samples.length = 0;
  }

  /** The seconds left, or `null` while too little has been seen to say. `now` is in milliseconds. */
  left(step: number, of: number, now: number): number | null {
    const { samples } = this;
    if (step < (samples.at(-1)?.step ?? 0)) this.rest(); // it was started again
    const last = samples.at(-1);
    if (!last || now - last.at > EVERY) samples.push({ at: now, step });
    while (samples.length > 2 && now - samples[0]!.at > SPAN) samples.shift();
    const first = samples[0]!;
    const speed = (step - first.step) / ((now - first.at) / 1000);
    if (now - first.at < ENOUGH || !(speed > 0) || step >= of) return null;
    return (of - step) / speed;
  }
}
