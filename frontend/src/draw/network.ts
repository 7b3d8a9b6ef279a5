/** Where the nodes and edges of a layered network lie. */

import type { GraphView } from "../messages.ts";

export interface Node {
  x: number;
  y: number;
  layer: number;
  label: string;
}

export interface Network {
  nodes: Node[];
  size: number; // width of a node
  tall: number; // its height, the same unless words stand in it
  width: number; // more than there is when boxes of words do not fit side by side
  height: number;
}

const PAD = 6;
const WORD = 6.6; // width of a letter
export const LINE = 15; // height of a line in a box

/** Layers from left to right, each centred; nodes as large as there is room, or as their words. */
export function place(view: GraphView, width: number, letters = 0): Network {
  return view.notes?.length ? boxes(view, width, letters) : squares(view, width);
}

/** The longest line that stands in a box. */
export function letters(view: GraphView): number {
  return longest([...view.layers.flat(), ...(view.notes ?? []).flatMap((note) => note.split("\n"))]);
}

function boxes(view: GraphView, width: number, letters: number): Network {
  const layers = view.layers;
  const lines = 1 + Math.max(...view.notes.map((note) => note.split("\n").length));
  const size = Math.ceil(letters * WORD * 0.95 + 10);
  const tall = lines * LINE + 7;
  const most = Math.max(1, ...layers.map((layer) => layer.length));
  const least = layers.length * size + (layers.length - 1) * 14 + 2 * PAD;
  const across = Math.max(width, least);
  const height = most * (tall + 12) + PAD;
  const step = layers.length > 1 ? (across - 2 * PAD - size) / (layers.length - 1) : 0;
  const left = layers.length > 1 ? PAD + size / 2 : across / 2;
  const nodes = layers.flatMap((layer, i) =>
    layer.map((label, j) => ({
      x: left + i * step,
      y: height / 2 + (j - (layer.length - 1) / 2) * (tall + 12),
      layer: i,
      label,
    })),
  );
  return { nodes, size, tall, width: across, height };
}

function squares(view: GraphView, width: number): Network {
  const layers = view.layers;
  const most = Math.max(1, ...layers.map((layer) => layer.length));
  const left = PAD + WORD * longest(layers[0]);
  const lone = Boolean(view.into) && layers.at(-1)!.length === 1; // its name stands over the large picture
  const right = PAD + (layers.length > 1 && !lone ? WORD * longest(layers[layers.length - 1]) : 0);
  const inner = Math.max(40, width - left - right);
  const across = inner / Math.max(1, layers.length);
  const narrow = width < 220; // the edges need the room
  const tallest = narrow ? 420 : width < 340 ? 300 : 330; // of the picture that it stands beside
  const size = Math.round(Math.max(9, Math.min(44, across * (narrow ? 0.4 : 0.6), tallest / most - (most > 10 ? 3 : 8))));
  const pitch = Math.min(tallest / most, size + 22);
  const height = Math.round(Math.max(150, most * Math.max(pitch, size + 2) + PAD));
  const step = layers.length > 1 ? (inner - size) / (layers.length - 1) : 0;
  const nodes = layers.flatMap((layer, i) =>
    layer.map((label, j) => ({
      x: left + size / 2 + i * step,
      y: height / 2 + (j - (layer.length - 1) / 2) * pitch,
      layer: i,
      label,
    })),
  );
  return { nodes, size, tall: size, width, height };
}

function longest(labels: string[] | undefined): number {
  return Math.max(0, ...(labels ?? []).map((label) => label.length));
}

/** The curve of an edge as SVG has it. */
export function curve(from: Node, to: Node, size: number): string {
  const [x1, x2] = [from.x + size / 2, to.x - size / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${from.y}C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}`;
}

/** How far a place is from an edge. */
export function distance(from: Node, to: Node, size: number, x: number, y: number): number {
  const [x1, x2] = [from.x + size / 2, to.x - size / 2];
  if (x < x1 || x > x2) return Infinity;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2; // the curve runs from left to right, so x says where
    const a = 1.5 * middle * (1 - middle) + middle ** 3; // its x, with the bend half way
    if (x1 + a * (x2 - x1) < x) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  const up = t * t * (3 - 2 * t);
  const slope = (to.y - from.y) / Math.max(1, x2 - x1);
  return Math.abs(from.y + up * (to.y - from.y) - y) / Math.hypot(1, slope * 1.2);
}

/** Width of an edge: grows with its weight; finer where there are many. */
export function stroke(weight: number, fine = false): number {
  return Math.min(fine ? 4 : 6, 0.4 + Math.abs(weight) * (fine ? 0.7 : 1.15));
}
