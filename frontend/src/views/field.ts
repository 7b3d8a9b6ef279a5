/** A value at every place of a rectangle, with points and curves in the same axes. */

import { fieldWords, nearest, Plot, type Scene } from "../draw/axes.ts";
import { make, toggle } from "../draw/dom.ts";
import type { Model, Mount } from "../draw/model.ts";
import { paintContour, paintField, paintMatrix, valueAt, type Axes } from "../draw/paint.ts";
import { classColour, css, inStyle, onTheme, table } from "../draw/palette.ts";
import type { FieldView, Overlay } from "../messages.ts";
import { spoken } from "../numbers.ts";
import { phrase } from "../words.ts";

/** The field that is shown: the view, or the picture of a chosen neuron in its place. */
function shown(model: Model): FieldView | null {
  const view = model.get("view") as FieldView | undefined;
  if (!view) return null;
  const lens = model.get("lens") as Pick<FieldView, "values" | "lo" | "hi" | "says"> | null;
  return lens ? { ...view, ...lens, colours: "diverging", unit: "", labels: [] } : view;
}

function scene(model: Model, held: boolean): Scene | null {
  const view = shown(model);
  if (!view) return null;
  const overlays = (model.get("overlays") as Overlay[] | undefined) ?? [];
  const matrix = view.rows.length > 0;
  const x = matrix ? ([0, view.columns.length] as [number, number]) : view.x;
  const y = matrix ? ([0, view.rows.length] as [number, number]) : view.y;
  return {
    title: view.title,
    says: view.says,
    x,
    y,
    xLabel: view.x_label,
    yLabel: view.y_label,
    rows: view.rows,
    columns: view.columns,
    overlays,
    held,
    filled: !matrix,
    background: (c, axes) => {
      if (matrix) paintMatrix(c, axes, view);
      else {
        paintField(c, axes, { values: view.values, colours: view.colours, x: view.x, y: view.y });
        paintLevels(c, axes, view);
      }
    },
    valueAt: (at, up) => {
      if (matrix) return cellWords(view, Math.floor(at), view.rows.length - 1 - Math.floor(up));
      const near = nearest(overlays, at, up, [view.x, view.y]);
      return [fieldWords(view, valueAt(view, at, up)), near].filter(Boolean).join("; ");
    },
  };
}

/** The border between yes and no in ink; or lines of equal height, thin, where there is no border. */
function paintLevels(c: CanvasRenderingContext2D, axes: Axes, view: FieldView): void {
  const sheet = { values: view.values, colours: view.colours, x: view.x, y: view.y };
  if (view.colours === "diverging") {
    if (!(view.lo < 0 && view.hi > 0)) return;
    c.strokeStyle = inStyle("ink");
    c.lineWidth = 2;
    paintContour(c, axes, sheet, (-255 * view.lo) / (view.hi - view.lo));
  } else if (view.colours === "depth") {
    c.strokeStyle = inStyle("halo");
    c.lineWidth = 0.75;
    c.globalAlpha = 0.45;
    for (let level = 25.5; level < 255; level += 25.5) paintContour(c, axes, sheet, level);
    c.globalAlpha = 1;
  }
}

function cellWords(view: FieldView, column: number, row: number): string {
  const [from, to] = [view.rows[row], view.columns[column]];
  if (from === undefined || to === undefined) return "";
  const value = view.values.data[row * view.columns.length + column]!;
  if (Number.isNaN(value)) return "";
  const parts = [
    `${view.y_label || phrase("row")} ${from}`,
    `${view.x_label || phrase("column")} ${to}`,
  ];
  return `${parts.join(", ")}: ${fieldWords({ ...view, colours: "sequential" }, value)}`;
}

/** What the colours mean: both ends of the range, or each class. */
function key(model: Model): HTMLElement {
  const root = make("div", { class: "key" });
  let last = "";
  const redraw = () => {
    const view = shown(model);
    if (!view) return;
    const now = JSON.stringify([view.labels, view.colours, view.lo, view.hi, view.unit]);
    if (now === last) return;
    last = now;
    if (view.colours === "classes") root.replaceChildren(...view.labels.map(classKey));
    else {
      const end = (i: 0 | 1) => view.labels[i] ?? spoken(i ? view.hi : view.lo);
      const unit = view.unit && !view.labels.length ? make("span", {}, view.unit) : "";
      root.replaceChildren(make("span", {}, end(0)), bar(view.colours), make("span", {}, end(1)), unit);
    }
  };
  for (const name of ["view", "lens"]) model.on(`change:${name}`, redraw);
  onTheme(() => {
    last = "";
    redraw();
  });
  redraw();
  return root;
}

function bar(colours: string): HTMLElement {
  const stripe = make("span", { class: "key-bar" });
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((i) => css(table(colours)[i]!));
  stripe.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  return stripe;
}

function classKey(name: string, i: number): HTMLElement {
  const mark = make("span", { class: "key-class" });
  mark.style.background = classColour(i);
  return make("span", {}, mark, name);
}

function render({ model, el }: Mount): () => void {
  let held = true;
  const plot = new Plot({ model, el }, () => scene(model, held), ["view", "overlays", "lens"]);
  el.append(key(model));
  offerSwitch(model, plot, (on) => (held = on));
  plot.later();
  return () => {
    plot.remove();
    el.replaceChildren();
  };
}

/** The switch for points that were held out appears when there are some. */
function offerSwitch(model: Model, plot: Plot, setHeld: (on: boolean) => void): void {
  const look = () => {
    const overlays = (model.get("overlays") as Overlay[] | undefined) ?? [];
    if (!overlays.some((one) => one.kind === "points" && one.held_out?.data.some(Boolean))) return;
    model.off("change:overlays", look);
    const label = toggle(phrase("held-out points"), (now) => {
      setHeld(now);
      plot.draw();
    });
    label.querySelector("input")!.checked = true;
    plot.head.tools.append(label);
  };
  model.on("change:overlays", look);
  look();
}

export default { render };
