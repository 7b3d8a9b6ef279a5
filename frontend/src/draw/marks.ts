/** The mark of a class, as a key beside words shows it. */

import { svg } from "./dom.ts";

const SHAPES = [
  "M2.6 7a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0z", "M7 1.6l5.4 9.4H1.6z", "M3 3h8v8H3z", "M7 1.4 12.6 7 7 12.6 1.4 7z",
];

/** Circle, triangle, square, diamond in the colour of their class; hollow for what was held out. */
export function classMark(number: number, hollow = false): SVGSVGElement {
  const colour = `var(--c${(number % 4) + 1})`;
  const shape = svg("path", {
    d: SHAPES[number % 4]!, fill: hollow ? "var(--halo)" : colour, stroke: colour, "stroke-width": hollow ? 1.5 : 0,
  });
  return svg("svg", { class: "mark", viewBox: "0 0 14 14", "aria-hidden": "true" }, shape);
}
