/** Small drawings: what the buttons do, what data sets and activations look like. */

import { svg } from "../draw/dom.ts";

const PATHS: Record<string, string> = {
  play: "M2 .5 11.5 6 2 11.5z",
  pause: "M1.5 1h3v10h-3zM7.5 1h3v10h-3z",
  step: "M1 .8 8 6 1 11.2zM9 1h2v10H9z",
  rewind: "M11 .8 4 6l7 5.2zM1 1h2v10H1z",
  restart: "M6 1.2a4.8 4.8 0 1 1-4.600 3.400l1.700.5A3 3 0 1 0 6 3v2L2.400 2.600 6 0z",
  knobs: "M0 3h6v1.5H0zM9.5 3H12v1.5H9.5zM6.5 1.5H9V6H6.5zM0 8h2.5v1.5H0zM6 8h6v1.5H6zM3 6.5h2.5V11H3z",
};

/** The sign on a button. */
export function icon(name: string): SVGSVGElement {
  return svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: PATHS[name]! }));
}

type Place = [x: number, y: number, label: 0 | 1];

/** Places in [-1, 1] that show the shape of a data set. */
const SETS: Record<string, () => Place[]> = {
  spirals: () =>
    range(22).map((i) => {
      const [arm, t] = [i % 2, 0.16 + (0.84 * i) / 22];
      const angle = 5.4 * t + arm * Math.PI;
      return [t * Math.cos(angle), t * Math.sin(angle), arm as 0 | 1];
    }),
  circles: () =>
    range(20).map((i) => {
      const outer = i < 13;
      const angle = (2 * Math.PI * i) / (outer ? 13 : 7);
      const r = outer ? 0.92 : 0.36;
      return [r * Math.cos(angle), r * Math.sin(angle), outer ? 0 : 1];
    }),
  moons: () =>
    range(18).map((i) => {
      const t = (Math.PI * (i % 9)) / 8;
      return i < 9
        ? [0.62 * Math.cos(t) - 0.3, 0.75 * Math.sin(t) - 0.2, 0]
        : [0.62 * -Math.cos(t) + 0.3, -0.75 * Math.sin(t) + 0.2, 1];
    }),
  xor: () =>
    range(16).map((i) => {
      const [right, up] = [i % 2, Math.floor(i / 2) % 2];
      const [dx, dy] = [(Math.floor(i / 4) % 2) * 0.36, Math.floor(i / 8) * 0.36];
      return [(right ? 1 : -1) * (0.32 + dx), (up ? 1 : -1) * (0.32 + dy), right === up ? 1 : 0];
    }),
  blobs: () =>
    range(18).map((i) => {
      const [angle, r] = [i * 2.4, 0.1 + 0.028 * i];
      const at = i % 2 ? 0.48 : -0.48;
      return [at + r * 0.7 * Math.cos(angle), at + r * 0.7 * Math.sin(angle), (i % 2) as 0 | 1];
    }),
};

/** Places of a set of heights: full where it is high, hollow where it is low. */
const HEIGHTS: Record<string, (x: number, y: number) => number> = {
  plane: (x, y) => x + y,
  hills: (x, y) => Math.exp(-6 * ((x - 0.4) ** 2 + (y - 0.4) ** 2)) + Math.exp(-6 * ((x + 0.4) ** 2 + (y + 0.4) ** 2)) - 0.45,
};

const CURVES: Record<string, (x: number) => number> = {
  none: (x) => x,
  step: (x) => (x > 0 ? 0.8 : -0.5),
  sigmoid: (x) => 2 / (1 + Math.exp(-2.2 * x)) - 1,
  tanh: (x) => Math.tanh(1.4 * x),
  relu: (x) => Math.max(0, x) - 0.4,
  gelu: (x) => (x * 1.2) / (1 + Math.exp(-4.2 * x)) - 0.4,
  silu: (x) => (x * 1.2) / (1 + Math.exp(-2.4 * x)) - 0.4,
};

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A thumbnail of what a word stands for, or null if there is none. */
export function thumbnail(word: string): SVGSVGElement | null {
  const places = SETS[word]?.();
  const curve = CURVES[word];
  const children: SVGElement[] = [];
  if (places) {
    for (const [x, y, label] of places) {
      const [cx, cy] = [(16 + 13 * x).toFixed(1), (16 - 13 * y).toFixed(1)];
      children.push(
        label
          ? svg("path", { d: `M${cx} ${Number(cy) - 2.3}l2 3.6h-4z`, class: "one" })
          : svg("circle", { cx, cy, r: "1.7", class: "zero" }),
      );
    }
  } else if (HEIGHTS[word]) {
    for (let i = 0; i < 25; i++) {
      const [x, y] = [((i % 5) - 2) / 2.4, (Math.floor(i / 5) - 2) / 2.4];
      const look = HEIGHTS[word](x, y) > 0 ? "one" : "zero";
      children.push(svg("circle", { cx: (16 + 13 * x).toFixed(1), cy: (16 - 13 * y).toFixed(1), r: "1.9", class: look }));
    }
  } else if (curve) {
    const path = range(33).map((i) => `${i} ${(16 - 12 * curve((i - 16) / 10)).toFixed(1)}`);
    children.push(svg("path", { d: "M0 16H32M16 0V32", class: "cross" }));
    children.push(svg("path", { d: `M${path.join("L")}`, class: "curve" }));
  } else if (word === "mine") {
    children.push(svg("path", { d: "M6 26l3-8L22 5l5 5-13 13zM19 8l5 5", class: "curve" }));
  } else return null;
  return svg("svg", { viewBox: "0 0 32 32", class: "thumb", "aria-hidden": "true" }, ...children);
}
