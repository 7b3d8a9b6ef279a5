/** Where axes lie, and what stands at them: numbers and a hairline each, no box. */

import { apart, ticks } from "../numbers.ts";
import type { Scene } from "./axes.ts";
import { toX, toY, type Axes } from "./paint.ts";
import { inStyle } from "./palette.ts";

const LETTER = 6.6; // width of one, about
const FOOT = 22; // for the numbers below
const ROW = 48; // height of a row of a table, at most
const NAME = 20; // for the name of the upward axis, above its end

/** Where the axes lie in a picture of this width, and how high it is. */
export function layout(scene: Scene, width: number): { axes: Axes; height: number } {
  const named = Boolean(scene.rows?.length);
  const left = named ? 12 + LETTER * longest(scene.rows!) : scene.filled ? 0 : numbersWide(scene);
  const inner = Math.max(60, width - left - (named || scene.filled ? 0 : 8));
  const bottom = named ? under(scene.columns!, inner) + (scene.xLabel ? 18 : 0) : FOOT;
  const spans = [scene.x[1] - scene.x[0], scene.y[1] - scene.y[0]] as const;
  const square = Math.abs(spans[0] / spans[1] - 1) < 0.2;
  const height = Math.round(named ? tableHigh(scene, inner) : square ? inner : inner * 0.72);
  const top = scene.filled || !scene.yLabel ? 6 : NAME;
  const axes = { left, top, width: inner, height, x: scene.x, y: scene.y };
  return { axes, height: height + bottom + top };
}

/** A table of as many rows as columns is a square, as a kernel is; another needs room for its lines. */
function tableHigh({ rows, columns }: Scene, width: number): number {
  const lines = rows!.length;
  return lines > 2 && lines === columns!.length ? width : Math.min(width, lines * ROW);
}

function numbersWide(scene: Scene): number {
  return 14 + LETTER * longest(apart(ticks(...scene.y, 5), scene.yLabel));
}

/** How much room the names of the columns need below; turned if they are too wide. */
function under(columns: string[], width: number): number {
  const turned = isTurned(columns, width);
  return turned ? 12 + 5.8 * longest(columns) : 24;
}

function isTurned(columns: string[], width: number): boolean {
  return 6.8 * longest(columns) > width / columns.length;
}

function longest(names: string[]): number {
  return Math.max(...names.map((name) => name.length));
}

export function paintFrame(c: CanvasRenderingContext2D, axes: Axes, scene: Scene): void {
  c.fillStyle = inStyle("quiet");
  c.strokeStyle = inStyle("line");
  c.lineWidth = 1;
  c.font = `13px ${inStyle("sans")}`;
  if (scene.rows?.length) paintTable(c, axes, scene);
  else if (scene.filled) paintEnds(c, axes, scene);
  else paintAxes(c, axes, scene);
}

/** Names of rows and columns, and what they are. */
function paintTable(c: CanvasRenderingContext2D, axes: Axes, scene: Scene): void {
  paintNames(c, axes, scene.rows!, scene.columns!);
  c.fillStyle = inStyle("quiet");
  if (!scene.xLabel) return;
  c.textAlign = "right";
  c.textBaseline = "top";
  const below = axes.top + axes.height + under(scene.columns!, axes.width) + 2;
  c.fillText([scene.yLabel, scene.xLabel].filter(Boolean).join(" → "), axes.left + axes.width, below, axes.left + axes.width);
}

/** Only the ends of the axes: a field is read by its colours. */
function paintEnds(c: CanvasRenderingContext2D, axes: Axes, scene: Scene): void {
  const below = axes.top + axes.height + 6;
  const right = axes.left + axes.width;
  const [low, high] = apart([...axes.x], scene.xLabel) as [string, string];
  c.textBaseline = "top";
  c.textAlign = "left";
  c.fillText(low, axes.left, below);
  c.textAlign = "right";
  c.fillText(high, right, below);
  c.textAlign = "center";
  c.fillText(scene.xLabel, axes.left + axes.width / 2, below, axes.width * 0.7);
  c.textAlign = "left";
  const [from, to] = apart([...axes.y], scene.yLabel) as [string, string];
  haloed(c, scene.yLabel, axes.left + 8, axes.top + 8, true);
  if (from === low && to === high) return; // the same both ways: said once
  haloed(c, to, axes.left + 8, axes.top + (scene.yLabel ? 26 : 8), false);
  haloed(c, from, axes.left + 8, axes.top + axes.height - 20, false);
}

/** Words that can be read on any ground. */
export function haloed(
  c: CanvasRenderingContext2D, words: string, x: number, y: number, strong: boolean, colour = "",
): void {
  if (!words) return;
  c.save();
  c.font = `${strong ? 600 : 400} 13px ${inStyle("sans")}`;
  c.lineWidth = 3.5;
  c.lineJoin = "round";
  c.strokeStyle = inStyle("paper");
  c.globalAlpha = 0.75;
  c.strokeText(words, x, y);
  c.globalAlpha = 1;
  c.fillStyle = inStyle("ink");
  if (colour) c.fillStyle = colour;
  c.fillText(words, x, y);
  c.restore();
}

/** Numbers and a hairline each, no box; the name of an axis stands at its end. */
function paintAxes(c: CanvasRenderingContext2D, axes: Axes, scene: Scene): void {
  const { left, top, width, height } = axes;
  const base = top + height;
  const room = scene.xLabel ? c.measureText(scene.xLabel).width + 10 : 0;
  c.textBaseline = "top";
  c.textAlign = "center";
  const across = ticks(...axes.x, Math.max(2, width / 70));
  apart(across, scene.xLabel).forEach((said, i) => {
    const x = toX(axes, across[i]!);
    if (x + c.measureText(said).width / 2 < left + width + 8 - room) c.fillText(said, x, base + 7);
    c.fillStyle = inStyle("edge");
    c.fillRect(Math.round(x), base, 1, 4);
    c.fillStyle = inStyle("quiet");
  });
  c.textAlign = "right";
  c.fillText(scene.xLabel, left + width + 8, base + 7, left + width);
  c.textBaseline = "middle";
  const up = ticks(...axes.y, Math.max(2, height / 70));
  apart(up, scene.yLabel).forEach((said, i) => {
    const y = Math.round(toY(axes, up[i]!)) + 0.5;
    c.fillText(said, left - 8, y);
    c.beginPath();
    c.moveTo(left, y);
    c.lineTo(left + width, y);
    c.stroke();
  });
  c.beginPath();
  c.moveTo(left, base + 0.5);
  c.lineTo(left + width, base + 0.5);
  c.stroke();
  c.textAlign = "left";
  c.textBaseline = "top";
  c.fillText(scene.yLabel, Math.max(0, left - 34), 0, left + width);
}

function paintNames(
  c: CanvasRenderingContext2D, axes: Axes, rows: string[], columns: string[],
): void {
  c.textBaseline = "middle";
  c.textAlign = "right";
  const high = axes.height / rows.length;
  rows.forEach((name, i) => c.fillText(name, axes.left - 7, axes.top + (i + 0.5) * high));
  const wide = axes.width / columns.length;
  const turned = isTurned(columns, axes.width);
  columns.forEach((name, i) => {
    c.save();
    if (turned) {
      c.translate(axes.left + (i + 0.5) * wide, axes.top + axes.height + 7);
      c.rotate(-Math.PI / 3);
    } else {
      c.textAlign = "center";
      c.translate(axes.left + (i + 0.5) * wide, axes.top + axes.height + 13);
    }
    c.fillText(name, 0, 0);
    c.restore();
  });
}
