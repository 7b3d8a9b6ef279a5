/** What a figure shows while there is no picture of its run: the state itself, drawn. */

import { svg } from "../draw/dom.ts";
import type { StateMessage } from "../messages.ts";
import { ordinal } from "../numbers.ts";
import { phrase } from "../words.ts";

export type Situation =
  | { kind: "loading" }
  | { kind: "queued"; place: number }
  | { kind: "failed" }
  | { kind: "offline" };

/** What there is to be seen of a run that has no picture yet. */
export function situation(state: StateMessage | null): Situation {
  if (state?.state === "queued" && state.place) return { kind: "queued", place: state.place };
  if (state?.state !== "failed") return { kind: "loading" };
  return { kind: state.cause === "input" && Object.keys(state.instead ?? {}).length ? "offline" : "failed" };
}

const [WIDE, HIGH] = [420, 150];
const WEIGHT = "M-3 0h6l3 18h-12z";

/** A drawing of the state; words stand below it. */
export function drawState(now: Situation): SVGSVGElement {
  const drawn = { loading, queued, failed, offline }[now.kind](now as never);
  return svg("svg", { class: "state", viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" }, ...drawn);
}

/** The data wait: two arms of points, and nothing between them yet. */
function loading(): SVGElement[] {
  const marks = Array.from({ length: 56 }, (_, i) => {
    const [arm, t] = [i % 2, 0.14 + (0.86 * i) / 56];
    const angle = 5.4 * t + arm * Math.PI;
    const [x, y] = [(WIDE / 2 + 62 * t * Math.cos(angle)).toFixed(1), (HIGH / 2 - 62 * t * Math.sin(angle)).toFixed(1)];
    return arm
      ? svg("path", { d: `M${x} ${Number(y) - 3.4}l3.2 5.6h-6.4z`, class: "one" })
      : svg("circle", { cx: x, cy: y, r: 2.7, class: "zero" });
  });
  return [svg("rect", { width: WIDE, height: HIGH, class: "ground" }), ...marks];
}

/** A line of sounding weights: those at work, those before, and the reader's own. */
function queued({ place }: { place: number }): SVGElement[] {
  const before = Math.min(place - 1, 6);
  const at = (i: number) => 150 + i * 34;
  const weight = (x: number, look: string) => svg("path", { d: WEIGHT, transform: `translate(${x} 62)`, class: look });
  const words = (x: number, y: number, text: string, look = "") => svg("text", { x, y, class: look, "text-anchor": "middle" }, text);
  const waiting = Array.from({ length: before }, (_, i) => weight(at(i), "waits"));
  return [
    svg("path", { d: `M10 71H${WIDE - 10}`, class: "rope" }),
    weight(40, "works"),
    weight(66, "works"),
    words(53, 46, phrase("training")),
    words(at(before / 2), 46, phrase("waiting")),
    ...waiting,
    weight(at(before), "own"),
    words(at(before), 106, before < 6 ? phrase("you") : `${phrase("you")}: ${ordinal(place)}`, "strong"),
  ];
}

/** A curve that ends. */
function failed(): SVGElement[] {
  return [
    svg("path", { d: `M40 124H${WIDE - 40}`, class: "axis" }),
    svg("path", { d: "M40 112C140 112 190 96 230 34", class: "curve" }),
    svg("path", { d: "M223 27l14 14M237 27l-14 14", class: "end" }),
  ];
}

/** Frames without pictures. */
function offline(): SVGElement[] {
  const [columns, rows, side] = [7, 2, 48];
  return Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [24 + (i % columns) * (side + 6), 16 + Math.floor(i / columns) * (side + 12)];
    return svg("path", { d: `M${x} ${y}h${side}v${side}h${-side}zl${side} ${side}`, class: "gap" });
  });
}
