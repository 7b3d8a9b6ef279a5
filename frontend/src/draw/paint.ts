/** What is painted into a pair of axes: fields, points and curves. */

import type { Grid } from "../frames.ts";
import type { FieldView, LineView, PointsView, Range } from "../messages.ts";
import { spoken } from "../numbers.ts";
import { beside, inside, kept, lastSeen, paintAway } from "./ends.ts";
import { classColour, css, inStyle, isLight, table } from "./palette.ts";

/** A rectangle of the page in CSS pixels, and what its sides stand for. */
export interface Axes {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Range;
  y: Range;
}

export function toX(axes: Axes, x: number): number {
  return axes.left + ((x - axes.x[0]) / (axes.x[1] - axes.x[0])) * axes.width;
}

export function toY(axes: Axes, y: number): number {
  return axes.top + axes.height - ((y - axes.y[0]) / (axes.y[1] - axes.y[0])) * axes.height;
}

const scratch = new Map<string, { canvas: HTMLCanvasElement; image: ImageData }>();

/** A canvas of this many pixels, used again and again. */
function sheet(width: number, height: number): { canvas: HTMLCanvasElement; image: ImageData } {
  const key = `${width}x${height}`;
  let found = scratch.get(key);
  if (!found) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    scratch.set(key, (found = { canvas, image: new ImageData(width, height) }));
  }
  return found;
}

/** A grid of bytes as a small canvas, one pixel a value; `flip` puts row 0 at the bottom. */
export function pixels(
  data: ArrayLike<number>,
  width: number,
  height: number,
  colours: Uint32Array,
  flip: boolean,
): HTMLCanvasElement {
  const found = sheet(width, height);
  const out = new Uint32Array(found.image.data.buffer);
  for (let row = 0; row < height; row++) {
    const from = (flip ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      out[row * width + column] = colours[data[from + column]!]!;
    }
  }
  found.canvas.getContext("2d")!.putImageData(found.image, 0, 0);
  return found.canvas;
}

/** Three planes of bytes, one after the other, as a small canvas. */
export function colourPixels(planes: Uint8Array, width: number, height: number): HTMLCanvasElement {
  const size = width * height;
  const found = sheet(width, height);
  const out = found.image.data;
  for (let at = 0; at < size; at++) {
    for (let channel = 0; channel < 3; channel++) out[4 * at + channel] = planes[channel * size + at]!;
    out[4 * at + 3] = 255;
  }
  found.canvas.getContext("2d")!.putImageData(found.image, 0, 0);
  return found.canvas;
}

export interface Sheet {
  values: Grid;
  colours: string;
  x: Range;
  y: Range;
}

/** A field of bytes. Its outermost samples lie on the edges, so half of each is cut off. */
export function paintField(c: CanvasRenderingContext2D, axes: Axes, sheet: Sheet): void {
  const [rows, columns] = sheet.values.shape as [number, number];
  const smooth = sheet.colours !== "classes";
  const image = pixels(sheet.values.data, columns, rows, table(sheet.colours), true);
  const left = toX(axes, sheet.x[0]);
  const right = toX(axes, sheet.x[1]);
  const top = toY(axes, sheet.y[1]);
  const bottom = toY(axes, sheet.y[0]);
  const halfX = columns > 1 ? (right - left) / (columns - 1) / 2 : 0;
  const halfY = rows > 1 ? (bottom - top) / (rows - 1) / 2 : 0;
  c.save();
  c.beginPath();
  c.rect(axes.left, axes.top, axes.width, axes.height);
  c.clip();
  c.imageSmoothingEnabled = smooth;
  c.drawImage(image, left - halfX, top - halfY, right - left + 2 * halfX, bottom - top + 2 * halfY);
  c.restore();
}

/** Lines along which a grid of bytes crosses a level, by marching squares; in places of the grid. */
export function contour(data: ArrayLike<number>, rows: number, columns: number, level: number): number[] {
  const found: number[] = []; // x, y, x, y of one piece after another
  const between = (a: number, b: number) => (level - a) / (b - a);
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const at = row * columns + column;
      const [a, b] = [data[at]!, data[at + 1]!];
      const [d, e] = [data[at + columns]!, data[at + columns + 1]!];
      const above = a < level;
      if (above === b < level && above === d < level && above === e < level) continue; // as most are
      const ends: number[] = [];
      if (a < level !== b < level) ends.push(column + between(a, b), row);
      if (b < level !== e < level) ends.push(column + 1, row + between(b, e));
      if (d < level !== e < level) ends.push(column + between(d, e), row + 1);
      if (a < level !== d < level) ends.push(column, row + between(a, d));
      const whole = ends.length - (ends.length % 4);
      for (let i = 0; i < whole; i++) found.push(ends[i]!);
    }
  }
  return found;
}

/** Each place as the mean of itself and its neighbours: bytes make steps where a field is flat. */
function smoothed(data: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const across = new Float32Array(rows * columns);
  const both = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const left = data[column ? at - 1 : at]!;
      const right = data[column < columns - 1 ? at + 1 : at]!;
      across[at] = (left + 2 * data[at]! + right) / 4;
    }
  }
  for (let at = 0; at < both.length; at++) {
    const above = across[at >= columns ? at - columns : at]!;
    const below = across[at < both.length - columns ? at + columns : at]!;
    both[at] = (above + 2 * across[at]! + below) / 4;
  }
  return both;
}

/** Draw where a field crosses a level, in bytes of its scale. */
export function paintContour(c: CanvasRenderingContext2D, axes: Axes, sheet: Sheet, level: number): void {
  const [rows, columns] = sheet.values.shape as [number, number];
  const pieces = contour(smoothed(sheet.values.data, rows, columns), rows, columns, level);
  const x = (place: number) => toX(axes, sheet.x[0] + (place / (columns - 1)) * (sheet.x[1] - sheet.x[0]));
  const y = (place: number) => toY(axes, sheet.y[0] + (place / (rows - 1)) * (sheet.y[1] - sheet.y[0]));
  c.save();
  c.beginPath();
  c.rect(axes.left, axes.top, axes.width, axes.height);
  c.clip();
  c.beginPath();
  for (let i = 0; i < pieces.length; i += 4) {
    c.moveTo(x(pieces[i]!), y(pieces[i + 1]!));
    c.lineTo(x(pieces[i + 2]!), y(pieces[i + 3]!));
  }
  c.lineCap = "round";
  c.stroke();
  c.restore();
}

/** The value of a field nearest to a place, in its own unit. */
export function valueAt(view: FieldView, x: number, y: number): number {
  const [rows, columns] = view.values.shape as [number, number];
  const column = Math.round(((x - view.x[0]) / (view.x[1] - view.x[0])) * (columns - 1));
  const row = Math.round(((y - view.y[0]) / (view.y[1] - view.y[0])) * (rows - 1));
  if (!(row >= 0 && row < rows && column >= 0 && column < columns)) return NaN;
  const byte = view.values.data[row * columns + column]!;
  return view.colours === "classes" ? byte : view.lo + (byte / 255) * (view.hi - view.lo);
}

/** A matrix with names: cells, and the numbers in them. */
export function paintMatrix(c: CanvasRenderingContext2D, axes: Axes, view: FieldView): void {
  const [rows, columns] = view.values.shape as [number, number];
  const colours = table(view.colours);
  const width = axes.width / columns;
  const height = axes.height / rows;
  const size = Math.min(13, width * 0.36, height * 0.62);
  c.font = `${size}px ${inStyle("sans")}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = view.values.data[row * columns + column]!;
      if (Number.isNaN(value)) continue; // not known yet: the cell stays empty
      const share = view.hi > view.lo ? (value - view.lo) / (view.hi - view.lo) : 0;
      const pixel = colours[Math.max(0, Math.min(255, Math.round(share * 255)))]!;
      const [left, top] = [axes.left + column * width, axes.top + row * height];
      c.fillStyle = css(pixel);
      c.fillRect(left, top, width + 0.5, height + 0.5);
      if (size < 6) continue;
      c.fillStyle = isLight(pixel) ? "#10151c" : "#fff";
      c.fillText(spoken(value, 2), left + width / 2, top + height / 2 + 0.5);
    }
  }
}

/** A class's shape around a place: its colour is never the only sign. */
export function trace(c: CanvasRenderingContext2D, label: number, x: number, y: number, r: number): void {
  switch (label % 5) {
    case 0:
      c.moveTo(x + r, y);
      c.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 1:
      polygon(c, x, y + r * 0.12, r * 1.28, 3, -Math.PI / 2);
      break;
    case 2:
      c.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      break;
    case 3:
      polygon(c, x, y, r * 1.25, 4, 0);
      break;
    default:
      polygon(c, x, y, r * 1.25, 3, Math.PI / 2);
  }
}

function polygon(
  c: CanvasRenderingContext2D, x: number, y: number, r: number, corners: number, turn: number,
): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (2 * Math.PI * i) / corners;
    const [px, py] = [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    if (i) c.lineTo(px, py);
    else c.moveTo(px, py);
  }
  c.closePath();
}

export interface PointStyle {
  held: boolean; // are held-out points drawn?
}

/** Points: all of one class and kind in one path, which keeps thousands fast. */
export function paintPoints(
  c: CanvasRenderingContext2D, axes: Axes, view: PointsView, style: PointStyle,
): void {
  const [count, dimensions] = view.xy.shape as [number, number];
  const radius = count > 1500 ? 2 : count > 300 ? 2.8 : 3.8;
  const halo = inStyle("halo");
  const groups = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const held = view.held_out?.data[i] ?? 0;
    if (held && !style.held) continue;
    const key = view.value ? `v${i}` : `${view.label?.data[i] ?? 0} ${held}`;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  const span = view.value ? extent(view.value.data) : null;
  c.save();
  c.beginPath();
  c.rect(axes.left - 5, axes.top - 5, axes.width + 10, axes.height + 10);
  c.clip();
  for (const members of groups.values()) {
    const first = members[0]!;
    const label = view.label?.data[first] ?? 0;
    const held = Boolean(view.held_out?.data[first]);
    const colour = span
      ? css(table("sequential")[Math.round(255 * share(view.value!.data[first]!, span))]!)
      : view.label ? classColour(label) : inStyle("ink");
    c.beginPath();
    for (const i of members) {
      trace(c, label, toX(axes, view.xy.data[i * dimensions]!), toY(axes, view.xy.data[i * dimensions + 1]!), radius);
    }
    if (held) {
      c.fillStyle = halo;
      c.fill();
      c.lineWidth = 1.4;
      c.strokeStyle = colour;
      c.stroke();
    } else {
      c.lineWidth = 2;
      c.strokeStyle = halo;
      c.stroke();
      c.fillStyle = colour;
      c.fill();
    }
  }
  c.restore();
}

export function extent(values: ArrayLike<number>): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high && Number.isFinite(high - low) ? [low, high] : [0, 1];
}

function share(value: number, [low, high]: Range): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}

/** Curves in the axes of another picture; with `dots` the path that was walked, and where it ends. */
export function paintCurves(
  c: CanvasRenderingContext2D, axes: Axes, view: LineView, onColours: boolean, only: string | null = null,
): void {
  const [curves, count] = view.ys.shape as [number, number];
  c.save();
  c.beginPath();
  c.rect(axes.left, axes.top, axes.width, axes.height);
  c.clip();
  c.lineJoin = "round";
  for (let curve = 0; curve < curves; curve++) {
    const path = new Path2D();
    let pen = false;
    for (let i = 0; i < count; i++) {
      const [x, y] = [toX(axes, view.x.data[i]!), toY(axes, view.ys.data[curve * count + i]!)];
      if (!Number.isFinite(x) || !Number.isFinite(y)) pen = false;
      else if (pen) path.lineTo(x, y);
      else {
        path.moveTo(x, y);
        pen = true;
      }
    }
    if (onColours) {
      c.strokeStyle = inStyle("halo");
      c.lineWidth = view.dots ? 3.5 : 5;
      c.stroke(path);
    }
    const colour = only ?? (curves > 1 ? classColour(curve) : inStyle(onColours ? "signal" : "accent"));
    c.strokeStyle = colour;
    c.lineWidth = view.dots ? 1.5 : 2.5;
    c.setLineDash(view.sketch ? [8, 5] : []);
    c.stroke(path);
    if (view.sketch && count) paintName(c, axes, view, curve, view.sketch);
    if (view.dots && count) paintDots(c, axes, view, curve, colour);
  }
  c.restore();
}

/** What a curve is called, beside its end; where that is outside, where it was seen last. */
function paintName(c: CanvasRenderingContext2D, axes: Axes, view: LineView, curve: number, name: string): void {
  const count = view.x.data.length;
  const places = Array.from(view.x.data, (x, i): [number, number] => [toX(axes, x), toY(axes, view.ys.data[curve * count + i]!)]);
  const end = places[count - 1]!;
  const seen = view.dots ? null : lastSeen(axes, places);
  if (!view.dots && !seen) paintAway(c, axes, end, inStyle("signal"), inStyle("halo")); // a path has its own
  c.setLineDash([]);
  c.font = `600 13px ${inStyle("sans")}`;
  c.textAlign = "left";
  c.lineWidth = 4;
  c.strokeStyle = inStyle("halo");
  c.fillStyle = inStyle("signal");
  const [x, y] = beside(axes, seen ?? kept(axes, end, 8), c.measureText(name).width);
  c.strokeText(name, x, y);
  c.fillText(name, x, y);
}

function paintDots(
  c: CanvasRenderingContext2D, axes: Axes, view: LineView, curve: number, colour: string,
): void {
  const count = view.x.data.length;
  const place = (i: number): [number, number] => [
    toX(axes, view.x.data[i]!),
    toY(axes, view.ys.data[curve * count + i]!),
  ];
  c.fillStyle = colour;
  const every = Math.max(1, Math.floor(count / 300));
  c.beginPath();
  for (let i = 0; i < count; i += every) {
    const [x, y] = place(i);
    c.moveTo(x + 2, y);
    c.arc(x, y, 2, 0, 2 * Math.PI);
  }
  c.fill();
  const [x, y] = place(count - 1);
  if (!inside(axes, [x, y])) return paintAway(c, axes, [x, y], colour, inStyle("halo"));
  c.beginPath();
  c.arc(x, y, 5.5, 0, 2 * Math.PI);
  c.fill();
  c.strokeStyle = inStyle("paper");
  c.lineWidth = 2;
  c.stroke();
}
