/** A drawing of what a learner expects: places on a canvas. Pure. */

import type { LineView, Range } from "../messages.ts";

export type Place = [x: number, y: number];

export interface Canvas {
  draw: "curve" | "border";
  of: string; // the number or the view that it is compared with
  x: Range;
  y: Range;
  log: boolean; // y is drawn on a logarithmic scale
}

/** A canvas with what was drawn on it. */
export interface Sketch extends Canvas {
  points: Place[];
}

const MOST = 40; // places that are kept of a stroke
const FEW = 6; // places that the keyboard moves
const STEPS = 40; // key strokes from one side to the other

/** Where a place lies, from 0 to 1 both ways. */
export function toShare(on: Canvas, [x, y]: Place): Place {
  const scale = on.log ? Math.log : (value: number) => value;
  const [low, high] = [scale(on.y[0]), scale(on.y[1])];
  return [(x - on.x[0]) / (on.x[1] - on.x[0]), (scale(y) - low) / (high - low)];
}

/** The place at these shares of both axes, within them. */
export function fromShare(on: Canvas, shares: Place): Place {
  const [across, up] = shares.map((one) => Math.min(1, Math.max(0, one))) as Place;
  const y = on.log ? on.y[0] * (on.y[1] / on.y[0]) ** up : on.y[0] + (on.y[1] - on.y[0]) * up;
  return [on.x[0] + (on.x[1] - on.x[0]) * across, y];
}

/** A stroke goes on: a border anywhere, a curve to the right; going back takes away what was there. */
export function grown(on: Canvas, shares: Place[], next: Place): Place[] {
  const kept = on.draw === "curve" ? shares.filter(([across]) => across < next[0] - 1e-3) : shares;
  return [...kept, next];
}

/** A few places of a stroke, equally far from each other along it; its ends stay. */
export function thinned(shares: Place[], most = MOST): Place[] {
  if (shares.length <= most) return shares;
  const far = [0];
  for (let i = 1; i < shares.length; i++) {
    far.push(far[i - 1]! + Math.hypot(shares[i]![0] - shares[i - 1]![0], shares[i]![1] - shares[i - 1]![1]));
  }
  const whole = far.at(-1)!;
  const found: Place[] = [];
  let at = 0;
  for (let i = 0; i < most; i++) {
    while (at < shares.length - 1 && far[at]! < (i / (most - 1)) * whole) at++;
    if (found.at(-1) !== shares[at]) found.push(shares[at]!);
  }
  return found;
}

/** Places in a row for the keyboard: of what was drawn, or across the middle. */
export function handles(shares: Place[]): Place[] {
  if (shares.length > 1) return thinned(shares, FEW);
  return Array.from({ length: FEW }, (_, i): Place => [i / (FEW - 1), 0.5]);
}

/** The places after an arrow key; null when the key moves nothing. A curve moves up and down only. */
export function moved(on: Canvas, shares: Place[], i: number, key: string): Place[] | null {
  const moves: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const move = moves[key];
  if (!move || (on.draw === "curve" && move[0])) return null;
  const within = (value: number) => Math.min(1, Math.max(0, value));
  return shares.map((one, at) => (at === i ? [within(one[0] + move[0] / STEPS), within(one[1] + move[1] / STEPS)] : one));
}

/** As a form sends it: "x y, x y". */
export function write(on: Canvas, shares: Place[]): string {
  if (shares.length < 2) return "";
  return shares.map((one) => fromShare(on, one).map((value) => Number(value.toPrecision(4))).join(" ")).join(", ");
}

/** What was written, to go on with. */
export function read(on: Canvas, text: string): Place[] {
  const places = text.split(",").map((one) => one.trim().split(" ").map(Number));
  return places.filter((one) => one.length === 2 && one.every(Number.isFinite)).map((one) => toShare(on, one as Place));
}

/** The drawing as a curve in the axes of a view. */
export function asLine(sketch: Sketch, name: string): LineView {
  const column = (axis: 0 | 1) => Float32Array.from(sketch.points, (one) => one[axis]);
  const count = sketch.points.length;
  return {
    kind: "line", says: name, title: name, sketch: name, names: [""], on: sketch.of, dots: false,
    x: { data: column(0), shape: [count] }, ys: { data: column(1), shape: [1, count] },
    x_range: null, y_range: null, x_label: "", y_label: "",
  };
}
