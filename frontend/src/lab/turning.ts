/** The knobs of a figure as they stand, and what turning one means for its run. */

import { nearestValue, write } from "../knobs.ts";
import type { About } from "./about.ts";
import { markLine } from "./doors.ts";
import type { Asked } from "./figure.ts";
import type { KnobPanel } from "./knobpanel.ts";
import type { Run } from "./run.ts";
import { Turner } from "./turner.ts";

export interface TurningActs {
  turn(name: string, value: string): void;
  restart(): void;
  /** The run goes on in another way than the one that was recorded. */
  fork(): void;
}

export class Turning {
  private readonly turner = new Turner((name) => this.acts.turn(name, this.values[name]!));

  constructor(
    private readonly about: About,
    private readonly run: Run,
    private readonly panel: KnobPanel,
    readonly values: Record<string, string>,
    private readonly acts: TurningActs,
  ) {}

  /** Somebody moved a knob, and has let it go when it is `settled`. */
  moved(name: string, text: string, settled: boolean): void {
    this.values[name] = text;
    const line = this.about.lines[name];
    if (line) markLine(document.getElementById(`line-${line}`));
    const knob = this.about.knobs[name]!;
    if (!this.run.takes(knob)) {
      if (settled) this.acts.restart();
      return;
    }
    if (!knob.looks) this.acts.fork();
    this.turner.turn(name, settled);
  }

  /** The same where the value did not come from the knob itself. */
  turn(name: string, text: string): void {
    this.panel.show(name, text);
    this.moved(name, text, true);
  }

  /** Show values; nothing is turned. */
  put(values: Record<string, string>): void {
    for (const [name, text] of Object.entries(values)) {
      this.values[name] = text;
      this.panel.show(name, text);
    }
  }

  /** The run says that a knob has this value now, unless a newer one is on its way. */
  follow(name: string, text: string): void {
    this.values[name] = text;
    if (!this.turner.busy(name)) this.panel.show(name, text);
  }

  /** Two knobs at once, as a handle has two directions; one run begins again with both. */
  drag({ knobs = ["", ""], x = 0, y = 0, settled = false }: Asked): void {
    const turns = knobs.flatMap((name, i): [string, string][] => {
      const knob = this.about.knobs[name];
      return knob ? [[name, write(knob, nearestValue(knob, i ? y : x))]] : [];
    });
    this.put(Object.fromEntries(turns));
    const direct = turns.every(([name]) => this.run.takes(this.about.knobs[name]!));
    if (direct) for (const [name, text] of turns) this.moved(name, text, settled);
    else if (settled) this.acts.restart();
  }
}
