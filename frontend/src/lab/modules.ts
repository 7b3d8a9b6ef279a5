/** The views by kind, each loaded when the first picture of its kind arrives. */

import type { ViewModule } from "../draw/model.ts";

const MODULES: Record<string, () => Promise<ViewModule>> = {
  field: () => import("../views/field.ts"),
  graph: () => import("../views/graph.ts"),
  line: () => import("../views/line.ts"),
  points: () => import("../views/points.ts"),
  tiles: () => import("../views/tiles.ts"),
};

/** The module of a kind; null for a kind that this page cannot draw. */
export function load(kind: string): Promise<ViewModule | null> {
  return MODULES[kind]?.() ?? Promise.resolve(null);
}
