/** Every number of a run over its steps: kept whole, thinned only to be drawn. */

import type { ScalarsMessage } from "./messages.ts";
import { phrase } from "./words.ts";

const PREFIXES = /^(train|val|test)_/;

/** One number over the steps at which it was measured. */
export class Series {
  steps = new Float64Array(256);
  values = new Float64Array(256);
  length = 0;

  /** A step that is told twice, as one that was drawn later is, counts once. */
  push(step: number, value: number): void {
    if (this.length && this.steps[this.length - 1] === step) {
      this.values[this.length - 1] = value;
      return;
    }
    if (this.length === this.steps.length) {
      this.steps = grown(this.steps);
      this.values = grown(this.values);
    }
    this.steps[this.length] = step;
    this.values[this.length++] = value;
  }

  get last(): number {
    return this.length ? this.values[this.length - 1]! : NaN;
  }

  /** The value at a step, or at the last measured one before it; NaN before the first. */
  at(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return low ? this.values[low - 1]! : NaN;
  }
}

function grown(old: Float64Array): Float64Array<ArrayBuffer> {
  const bigger = new Float64Array(old.length * 2);
  bigger.set(old);
  return bigger;
}

/** All series of a run by name, in the order in which they first came. */
export class Scalars {
  readonly all = new Map<string, Series>();

  add({ names, steps, values }: ScalarsMessage): void {
    const count = steps.data.length;
    names.forEach((name, row) => {
      let series = this.all.get(name);
      if (!series) this.all.set(name, (series = new Series()));
      for (let i = 0; i < count; i++) {
        const value = values.data[row * count + i]!;
        if (Number.isFinite(value)) series.push(steps.data[i]!, value); // NaN: not measured
      }
    });
  }

  /** Names by chart: train_loss and val_loss share the chart "loss". */
  charts(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const name of this.all.keys()) {
      const chart = name.replace(PREFIXES, "");
      found.set(chart, [...(found.get(chart) ?? []), name]);
    }
    return found;
  }
}

/** Those of the charts that are shown: a chart whole, or of its numbers those that are named. */
export function picked(charts: Map<string, string[]>, shows: (name: string) => boolean): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [chart, names] of charts) {
    const some = shows(chart) ? names : names.filter(shows);
    if (some.length) found.set(chart, some);
  }
  return found;
}

/** What a curve in a shared chart is called there. */
export function shortName(name: string): string {
  const prefix = PREFIXES.exec(name)?.[1] ?? "train";
  return { train: phrase("training"), val: phrase("validation"), test: phrase("test") }[prefix]!;
}

/**
 * At most two values for each of `buckets` equal parts of the steps, the least and the greatest,
 * so that no peak is lost; and always the first and the last.
 */
export function thin(series: Series, buckets: number): { x: number[]; y: number[] } {
  const { steps, values, length } = series;
  if (length <= 2 * buckets) {
    return { x: [...steps.subarray(0, length)], y: [...values.subarray(0, length)] };
  }
  const x: number[] = [];
  const y: number[] = [];
  const push = (i: number) => {
    if (x.length && x[x.length - 1] === steps[i]) return;
    x.push(steps[i]!);
    y.push(values[i]!);
  };
  push(0);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets);
    const to = Math.floor(((bucket + 1) * length) / buckets);
    let least = from;
    let most = from;
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[most]!) most = i;
    }
    push(Math.min(least, most));
    push(Math.max(least, most));
  }
  push(length - 1);
  return { x, y };
}

/** Several curves over one list of steps, as uPlot wants them: undefined where one has no value. */
export function join(curves: { x: number[]; y: number[] }[]): [number[], ...(number | undefined)[][]] {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const place = new Map(x.map((step, i) => [step, i]));
  const ys = curves.map((curve) => {
    const row: (number | undefined)[] = new Array(x.length).fill(undefined);
    curve.x.forEach((step, i) => (row[place.get(step)!] = curve.y[i]));
    return row;
  });
  return [x, ...ys];
}

/** "rising", "falling" or "steady": the last value against those a tenth of the way before. */
export function trend(series: Series): string {
  if (series.length < 3) return "";
  const last = series.steps[series.length - 1]!;
  const before = series.at(last - Math.max(1, (last - series.steps[0]!) / 10));
  if (Number.isNaN(before)) return "";
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < series.length; i++) {
    least = Math.min(least, series.values[i]!);
    most = Math.max(most, series.values[i]!);
  }
  const change = series.last - before;
  if (Math.abs(change) <= 0.01 * (most - least)) return phrase("steady");
  return change > 0 ? phrase("rising") : phrase("falling");
}
