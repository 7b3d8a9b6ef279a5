/** Data in two dimensions, with curves in the same axes. */

import { around, nearest, Plot, type Scene } from "../draw/axes.ts";
import { classMark } from "../draw/marks.ts";
import { make } from "../draw/dom.ts";
import type { Model, Mount } from "../draw/model.ts";
import type { Overlay, PointsView } from "../messages.ts";

function scene(model: Model): Scene | null {
  const view = model.get("view") as PointsView | undefined;
  if (!view) return null;
  const overlays = (model.get("overlays") as Overlay[] | undefined) ?? [];
  const x = view.x ?? around([view], 0);
  const y = view.y ?? around([view], 1);
  return {
    title: view.title,
    says: view.says,
    x,
    y,
    xLabel: view.x_label,
    yLabel: view.y_label,
    overlays: [view, ...overlays],
    names: view.names,
    held: true,
    background: () => {},
    valueAt: (at, up) => nearest([view, ...overlays], at, up, [x, y]),
  };
}

function render({ model, el }: Mount): () => void {
  const plot = new Plot({ model, el }, () => scene(model), ["view", "overlays"]);
  const names = make("div", { class: "key" });
  el.append(names);
  let last = "";
  const tell = () => {
    const view = model.get("view") as PointsView | undefined;
    const now = view?.names.map((name) => `${name}${plot.named.has(name)}`).join() ?? "";
    if (!view || now === last) return;
    last = now;
    const beside = (name: string) => (plot.named.has(name) ? { class: "unseen" } : {}); // who hears the page still reads it
    names.replaceChildren(
      ...view.names.map((name, i) => make("span", beside(name), classMark(i), name)),
    );
  };
  plot.drawn = tell;
  plot.later();
  return () => {
    plot.remove();
    el.replaceChildren();
  };
}

export default { render };
