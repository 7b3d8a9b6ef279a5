/** Small drawings: what the buttons do, what data sets and activations look like. */

import { svg } from "../draw/dom.ts";

const PATHS: Record<string, string> = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  step: "M5 5v14l9-7zM15.5 5H18v14h-2.5z",
  stop: "M6 6h12v12H6z",
};

const RESTART = "M5 12a7 7 0 1 0 2.2-5.1M5 4v4.5h4.5";
const KNOBS = "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.6v4.8M9 14.6v4.8";

/** The sign on a button. */
export function icon(name: string): SVGSVGElement {
  const drawn = PATHS[name]
    ? svg("path", { d: PATHS[name], fill: "currentColor" })
    : svg("path", {
        d: name === "knobs" ? KNOBS : RESTART, fill: "none", stroke: "currentColor",
        "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round",
      });
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, drawn);
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

const CURVES: Record<string, (x: number) => number> = {
  none: (x) => x,
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
      children.push(svg("circle", { cx, cy, r: "1.9", class: label ? "one" : "zero" }));
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
