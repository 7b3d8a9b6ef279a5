/** What a lesson gives one of its figures: scales that are logarithmic, and the sketch of its learner. */

import { phrase } from "../words.ts";
import { asLine, type Sketch } from "../sketch/path.ts";
import type { Figure } from "./figure.ts";
import type { TimeLine } from "./timeline.ts";

/** Hand on the attributes `logs` and `sketch`; nothing where the figure sleeps. */
export function give(lab: HTMLElement, figure: Figure | undefined, times: TimeLine[]): void {
  if (!figure) return;
  const logs = lab.getAttribute("logs")?.split(" ") ?? [];
  const sketch = JSON.parse(lab.getAttribute("sketch") ?? "null") as Sketch | null;
  const drawn = sketch?.points.length ? sketch : null;
  if (drawn?.draw === "border") figure.sketch(drawn.of, asLine(drawn, phrase("your sketch")));
  for (const one of times) one.give(logs, drawn?.draw === "curve" ? drawn : null);
}
