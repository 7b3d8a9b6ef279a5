/** What the page says in words. Pure: state in, sentences out. */

import type { Bound, StateMessage } from "../messages.ts";
import { measured, ordinal, spoken, words } from "../numbers.ts";
import { trend, type Scalars } from "../series.ts";
import { phrase } from "../words.ts";

export interface Sentence {
  tone: "plain" | "good" | "bad" | "wait";
  text: string;
}

const RELATIONS: Record<string, string> = { ">=": "≥", "<=": "≤" };

/** A promise as people read it: "validation accuracy ≥ 98 %". */
export function promiseWords({ metric, relation, value }: Bound): string {
  return `${words(metric)} ${sign(metric, relation, value)}`;
}

function sign(metric: string, relation: string, value: number): string {
  return `${RELATIONS[relation] ?? relation} ${measured(metric, value)}`;
}

/** The state of a run in one or two sentences. */
export function stateSentence(state: StateMessage, last: (metric: string) => number): Sentence {
  switch (state.state) {
    case "queued": {
      const waiting = state.place && phrase("Waiting for a free core: {place} in the queue.", { place: ordinal(state.place) });
      const place = waiting || phrase("Starting.");
      return { tone: "wait", text: join(place, state.why) };
    }
    case "running":
      return { tone: "plain", text: state.why };
    case "paused":
      return { tone: "plain", text: join(phrase("Paused at step {step}.", { step: spoken(state.step) }), state.why) };
    case "finished":
      return finished(state, last);
    case "failed":
      return { tone: "bad", text: state.why || phrase("The run ended with an error.") };
    case "stopped":
      return { tone: "plain", text: join(phrase("Stopped at step {step}.", { step: spoken(state.step) }), state.why) };
  }
}

function finished(state: StateMessage, last: (metric: string) => number): Sentence {
  if (state.kept === null || state.kept === undefined) {
    return { tone: "plain", text: phrase("Finished. Nothing is promised with these knobs.") };
  }
  const tone = state.kept ? "good" : "bad";
  const missed = (state.bounds ?? []).filter((one) => !holds(one, last(one.metric)));
  const told = (state.kept ? state.bounds ?? [] : missed).filter((one) => !Number.isNaN(last(one.metric)));
  if (!told.length) {
    return { tone, text: state.kept ? phrase("Finished. The promise was kept.") : phrase("Finished. The promise was not kept.") };
  }
  const sentences = told.map(({ metric, relation, value }) => {
    const said = { metric: words(metric), value: measured(metric, last(metric)), bound: sign(metric, relation, value) };
    return state.kept
      ? phrase("Finished. The promise was kept: {metric} is {value}, {bound}.", said)
      : phrase("Finished. The promise was not kept: {metric} is {value}, not {bound}.", said);
  });
  return { tone, text: sentences.join(" ") };
}

function holds({ relation, value }: Bound, last: number): boolean {
  return relation === ">=" ? last >= value : last <= value;
}

function join(first: string, second: string): string {
  return second ? `${first} ${second}` : first;
}

type Shows = (name: string) => boolean;

/** Of the numbers that are shown the one that matters most: promised, of validation, or any. */
export function mainMetric(scalars: Scalars, bounds: Bound[], shows: Shows = () => true): string | null {
  const all = [...scalars.all.keys()];
  const names = all.some(shows) ? all.filter(shows) : all;
  const promised = bounds.find((one) => names.includes(one.metric));
  if (promised) return promised.metric;
  const val = names.find((name) => name.startsWith("val_") || name.startsWith("test_"));
  return val ?? names[0] ?? null;
}

/** "step 400 of 1 500, validation accuracy 93 %, rising". */
export function summary(step: number, of: number, scalars: Scalars, bounds: Bound[], shows?: Shows): string {
  const far = { step: spoken(step), of: spoken(of) };
  const parts = [of ? phrase("step {step} of {of}", far) : phrase("step {step}", far)];
  const name = mainMetric(scalars, bounds, shows);
  const series = name ? scalars.all.get(name) : undefined;
  if (name && series?.length) {
    parts.push(`${words(name)} ${measured(name, series.last)}`);
    const moves = trend(series);
    if (moves) parts.push(moves);
  }
  return parts.join(", ");
}
