/** What is promised for the knobs as they stand, and what this run has come to. Mirrors Promise.fits. */

import type { Bound, StateMessage } from "../messages.ts";
import { read, write } from "../knobs.ts";
import type { Known } from "../link.ts";
import { spoken } from "../numbers.ts";
import type { Scalars } from "../series.ts";
import { phrase } from "../words.ts";
import { label } from "./labels.ts";
import { promiseWords } from "./speak.ts";

export interface Promised {
  bounds: Bound[];
  when: Record<string, string>;
  free: string[];
  note: string;
}

/** The first promise that speaks of these knobs, none of which was turned on the way; else null. */
export function fitting(all: Promised[], known: Known, values: Record<string, string>, turned: string[]): Promised | null {
  const fits = (one: Promised) => Object.values(known).every((knob) => {
    if (knob.name === "seed" || knob.looks || one.free.includes(knob.name)) return true;
    if (turned.includes(knob.name)) return false;
    const said = one.when[knob.name];
    return values[knob.name] === (said === undefined ? write(knob, knob.default) : read(knob, said));
  });
  return all.find(fits) ?? null;
}

/** The knobs with which nothing is promised any more: those that are not as they come. */
export function inTheWay(all: Promised[], known: Known, values: Record<string, string>, turned: string[]): string[] {
  const named = new Set(all.flatMap((one) => Object.keys(one.when)));
  return Object.values(known)
    .filter((knob) => !(knob.name === "seed" || knob.looks || named.has(knob.name)))
    .filter((knob) => turned.includes(knob.name) || values[knob.name] !== write(knob, knob.default))
    .map((knob) => label(knob.name));
}

export interface Verdict {
  promise: string; // what is promised
  said: string; // what this run has come to
  tone: "kept" | "missed" | "quiet";
}

/** Promise and verdict in words; null where an experiment has nothing to say. */
export function verdict(
  promise: Promised | null, changed: string[], state: StateMessage | null, scalars: Scalars,
): Verdict | null {
  if (!promise) {
    const knobs = changed.join(", ");
    const said = knobs
      ? phrase("It is made for the knobs as they come; with {knobs} turned nothing is promised.", { knobs })
      : phrase("With these knobs nothing is promised.");
    return { promise: "", said, tone: "quiet" };
  }
  const told = promise.bounds.map(promiseWords).join(` ${phrase("and")} `);
  if (state?.state === "finished" && typeof state.kept === "boolean") {
    return state.kept // with which numbers, the status says
      ? { promise: told, said: phrase("This run kept it."), tone: "kept" }
      : { promise: told, said: phrase("This run broke it."), tone: "missed" };
  }
  const since = reached(promise.bounds, scalars);
  if (since !== null) {
    return { promise: told, said: phrase("This run is there since step {step}; it counts at the end.", { step: spoken(since) }), tone: "kept" };
  }
  return { promise: told, said: phrase("This run is not there yet."), tone: "quiet" };
}

/** The step since which every bound has held without a break; null when one does not hold now. */
export function reached(bounds: Bound[], scalars: Scalars): number | null {
  let since = 0;
  for (const { metric, relation, value } of bounds) {
    const series = scalars.all.get(metric);
    const holds = (i: number) => (relation === ">=" ? series!.values[i]! >= value : series!.values[i]! <= value);
    if (!series?.length || !holds(series.length - 1)) return null;
    let at = series.length - 1;
    while (at > 0 && holds(at - 1)) at--;
    since = Math.max(since, series.steps[at]!);
  }
  return since;
}
