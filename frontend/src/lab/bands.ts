/** What the time line shows: numbers that belong together in one band, bands under each other. */

import type { Bound, Turn } from "../messages.ts";
import { apart, isShare, spoken, tens, ticks, words } from "../numbers.ts";
import type { Sketch } from "../sketch/path.ts";
import { picked, shortName, type Scalars, type Series } from "../series.ts";

/** The numbers of a run before it was taken back or started again. */
export interface Past {
  scalars: Scalars;
  last: number; // the step it had come to
  forked: number | null; // where the run that goes on left it; null: it is still the future
}

export interface Track {
  scalars: Scalars;
  step: number; // where the run stands, or is shown
  of: number;
  past: Past | null;
  bounds: Bound[];
}

export interface Curve {
  label: string; // "" where the band says it all
  tone: "main" | "second" | number; // a number: the colour of that class
  series: Series | undefined; // nothing yet, in a run that is taken back
  past: Series | undefined;
}

export interface Band {
  chart: string;
  title: string;
  curves: Curve[];
  low: number;
  high: number;
  ticks: [place: number, label: string][];
  goals: Bound[];
  log: boolean;
  canLog: boolean;
  sketch: Sketch | null; // of its first curve
}

/** The bands of the numbers that are shown; `logs` names those on a logarithmic scale. */
export function bands(
  track: Track, shows: (name: string) => boolean, logs: ReadonlySet<string>, sketch: Sketch | null = null,
): Band[] {
  const charts = picked(track.scalars.charts(), shows);
  for (const [chart, names] of picked(track.past?.scalars.charts() ?? new Map<string, string[]>(), shows)) {
    if (!charts.has(chart)) charts.set(chart, names);
  }
  return [...charts].map(([chart, names]) => {
    const drawn = sketch && names[0] === sketch.of ? sketch : null;
    return band(track, chart, names, logs.has(chart), drawn);
  });
}

function band(track: Track, chart: string, names: string[], log: boolean, sketch: Sketch | null): Band {
  const curves = names.map((name, i): Curve => ({
    label: names.length > 1 ? shortName(name) : "",
    tone: tone(name, i, names),
    series: track.scalars.all.get(name),
    past: track.past?.scalars.all.get(name),
  }));
  const goals = track.bounds.filter((one) => names.includes(one.metric));
  const seen = curves.flatMap(({ series, past }) => [series, past]).filter((one) => one !== undefined);
  const [least, most] = extent(seen, [...goals.map(({ value }) => value), ...(sketch?.points ?? []).map(([, y]) => y)]);
  const canLog = least > 0 && !isShare(chart) && !/share|rate$/.test(chart);
  const scaled = log && canLog;
  const [low, high] = scaled ? [Math.log10(least), Math.log10(most)] : roomy(least, most, isShare(chart));
  return {
    chart,
    title: names.length > 1 ? chart.replaceAll("_", " ") : words(names[0]!),
    curves,
    low: scaled && !(high > low) ? low - 1 : low,
    high,
    ticks: scaled ? powers(low, high) : round(low, high, chart),
    goals,
    log: scaled,
    canLog,
    sketch,
  };
}

/** What was not trained on counts; what was trained on stands behind it. */
function tone(name: string, i: number, names: string[]): Curve["tone"] {
  if (names.length === 1) return "main";
  if (names.length > 2) return i;
  return /^(val|test)_/.test(name) ? "main" : "second";
}

function extent(all: Series[], more: number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const take = (value: number) => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { values, length } of all) for (let i = 0; i < length; i++) take(values[i]!);
  for (const value of more) take(value);
  return low <= high ? [low, high] : [0, 1];
}

function roomy(low: number, high: number, share: boolean): [number, number] {
  if (share && low >= 0 && high <= 1) return [low < 0.5 ? 0 : 0.5, 1];
  if (!(high > low)) return [low >= 0 ? 0 : low - 1, high > 0 ? high * 1.2 : high + 1];
  const room = (high - low) * 0.05;
  return [low >= 0 && low < 0.6 * high ? 0 : low - room, high + room];
}

function round(low: number, high: number, chart: string): [number, string][] {
  const places = ticks(low, high, 3);
  const said = apart(places, chart);
  return places.map((place, i) => [place, said[i]!]);
}

/** Powers of ten, not more than four of them. */
function powers(low: number, high: number): [number, string][] {
  const all = Array.from({ length: Math.max(0, Math.floor(high) - Math.ceil(low) + 1) }, (_, i) => Math.ceil(low) + i);
  const every = Math.max(1, Math.ceil(all.length / 4));
  const some = all.filter((_, i) => i % every === 0);
  return (some.length ? some : [low, high]).map((power) => [power, power > 4 ? tens(power) : spoken(10 ** power)]);
}

export interface Marker {
  step: number;
  knob: string;
  from: string;
  to: string;
}

/** The turned knobs, one mark for those that were slid: where it began, from what, to what. */
export function markers(start: Record<string, string>, turns: Turn[], of: number): Marker[] {
  const now = { ...start };
  const found: Marker[] = [];
  const near = Math.max(1, of / 40);
  for (const [step, knob, value] of turns) {
    const last = found.filter((one) => one.knob === knob).at(-1);
    if (last && step - last.step <= near) last.to = value;
    else found.push({ step, knob, from: now[knob] ?? "", to: value });
    now[knob] = value;
  }
  return found.filter((one) => one.from !== one.to);
}
