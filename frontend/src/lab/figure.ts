/** The pictures of a run side by side: one panel a view, one chart a number. */

import type { Grid } from "../frames.ts";
import { make } from "../draw/dom.ts";
import { PageModel } from "../draw/model.ts";
import { join, picked, shortName, thin, type Scalars } from "../series.ts";
import type { FieldView, FrameMessage, GraphView, LineView, Overlay, View } from "../messages.ts";
import { spoken, words } from "../numbers.ts";
import { phrase } from "../words.ts";
import { load } from "./modules.ts";

interface Panel {
  root: HTMLElement;
  model: PageModel;
  kind: string;
  high: number;
}

interface Stack {
  root: HTMLElement;
  height: number; // in widths of a column
}

export interface Asked {
  type: "turn" | "click";
  knob?: string;
  value?: unknown;
  x?: number;
  y?: number;
}

const BUCKETS = 300; // parts of a chart, each with its least and greatest value

export class Figure {
  private readonly panels = new Map<string, Panel>();
  private frame: FrameMessage | null = null;
  private chartsDue = 0; // when the charts may be drawn again
  private readonly stacks: [Stack, Stack] = [newStack(), newStack()];
  private readonly row = make("div", { class: "charts" });

  /** `ask` is told what a click in a picture wants: a knob turned, a point added. */
  constructor(
    private readonly el: HTMLElement,
    private readonly ask: (view: string, asked: Asked) => void,
    private readonly chosen: ReadonlySet<string> | null = null, // views and numbers; null: all
  ) {
    const starting = make("p", { class: "starting" }, phrase("Waiting for the first picture …"));
    el.replaceChildren(starting, ...this.stacks.map(({ root }) => root), this.row);
    void load("line"); // every run has a number; the rest is loaded when it is seen
  }

  private shows(name: string): boolean {
    return this.chosen?.has(name) ?? true;
  }

  /** What every picture shows now, in words. */
  sentences(): [name: string, says: string][] {
    return Object.entries(this.frame?.views ?? {}).map(([name, view]) => [view.title || name, view.says]);
  }

  view(name: string): View | undefined {
    return this.frame?.views[name];
  }

  panel(name: string): HTMLElement | undefined {
    return this.panels.get(name)?.root;
  }

  /** Draw a frame. `values` say which picture of a set is chosen. */
  show(frame: FrameMessage, values: Record<string, string>): void {
    this.frame = frame;
    const views = Object.entries(frame.views);
    const bases = views.filter(([name, view]) => !onto(view, frame) && this.shows(name));
    const names = new Set(bases.map(([name]) => name));
    this.drop((name, panel) => panel.kind !== "chart" && !names.has(name));
    const graphs = bases.flatMap(([, view]) => (view.kind === "graph" ? [view] : []));
    const boxes = graphs.some((view) => view.notes?.length); // they need the whole width
    this.el.classList.toggle("with-graph", graphs.length > 0 && !boxes);
    this.el.classList.toggle("with-boxes", boxes);
    this.el.querySelector(".starting")?.remove();
    for (const [at, [name, view]] of bases.entries()) {
      const overlays = views.map(([, one]) => one).filter((one) => onto(one, frame) === name);
      const panel = this.ensure(name, view.kind, height(view));
      panel.model.set("overlays", overlays as Overlay[]);
      if (view.kind === "tiles" && view.knob) panel.model.set("chosen", Number(values[view.knob]));
      panel.model.set("view", { ...view, title: view.title || name.replaceAll("_", " ") });
      panel.root.dataset["says"] = view.says;
      panel.root.style.order = view.kind === "graph" ? "-1" : String(at); // where all are one column
    }
    this.lenses();
    this.alone();
    this.el.classList.remove("waiting");
  }

  /** A chosen neuron's picture goes where its graph says. */
  private lenses(): void {
    for (const [name, view] of Object.entries(this.frame?.views ?? {})) {
      if (view.kind !== "graph" || !view.into) continue;
      const into = this.panels.get(view.into)?.model;
      const chosen = this.panels.get(name)?.model.get("chosen");
      into?.set("lens", typeof chosen === "number" ? lens(view, chosen) : null);
    }
  }

  /**
   * Draw every number over the steps, unless that was done a moment ago.
   * Returns the milliseconds to wait before it can be done, 0 when it was.
   */
  charts(scalars: Scalars, of: number, now: number): number {
    if (now < this.chartsDue) return this.chartsDue - now;
    const start = performance.now();
    const groups = picked(scalars.charts(), (name) => this.shows(name));
    this.drop((name, panel) => panel.kind === "chart" && !groups.has(name.slice(6)));
    this.placeCharts(groups.size);
    this.alone();
    for (const [chart, names] of groups) {
      const panel = this.ensure(`chart:${chart}`, "chart", 0);
      panel.model.set("view", chartView(chart, names, scalars, of));
    }
    this.chartsDue = now + Math.min(400, Math.max(30, 6 * (performance.now() - start)));
    return 0;
  }

  /** Two charts or less fill a hole under the pictures if there is one; else they are a row. */
  private placeCharts(count: number): void {
    const [left, right] = this.stacks;
    const low = left.height <= right.height ? left : right;
    const hole = Math.abs(left.height - right.height) > 0.4 && count <= 2;
    const into = hole ? low.root : this.el;
    if (this.row.parentElement !== into) into.append(this.row);
    this.row.dataset["count"] = String(count);
  }

  /** A single picture has the room of two. */
  private alone(): void {
    const [only] = this.panels.values();
    this.el.classList.toggle("alone", this.panels.size === 1 && only?.kind !== "chart");
  }

  private ensure(name: string, kind: string, high: number): Panel {
    const known = this.panels.get(name);
    if (known?.kind === kind) return known;
    known?.root.remove();
    const root = make("div", { class: `panel panel-${kind}`, "data-view": name });
    const model = new PageModel((content) => this.ask(name, content as Asked));
    if (kind === "graph") model.on("change:chosen", () => this.lenses());
    const panel = { root, model, kind, high };
    this.panels.set(name, panel);
    this.put(name, panel);
    void this.mount(panel);
    return panel;
  }

  /** A network on the left, with its output beside it; the rest where there is room. */
  private put(name: string, { root, kind, high }: Panel): void {
    if (kind === "chart") {
      this.row.append(root);
      return;
    }
    const [left, right] = this.stacks;
    const beside = this.el.classList.contains("with-graph") && kind !== "graph";
    const stack = !beside && (kind === "graph" || left.height <= right.height) ? left : right;
    stack.root.insertBefore(root, this.after(name, stack.root));
    stack.height += high;
  }

  /** What a picture stands before in its stack: the next of the frame that is there, or the charts. */
  private after(name: string, stack: HTMLElement): HTMLElement | null {
    const names = Object.keys(this.frame?.views ?? {});
    const later = names.slice(names.indexOf(name) + 1).map((one) => this.panels.get(one)?.root);
    const next = later.find((root) => root?.parentElement === stack);
    return next ?? (this.row.parentElement === stack ? this.row : null);
  }

  private async mount({ root, model, kind }: Panel): Promise<void> {
    const el = make("div", { class: "view" });
    root.prepend(el);
    const module = await load(kind === "chart" ? "line" : kind);
    if (module) module.default.render({ model, el });
    else {
      const says = () => (el.textContent = (model.get("view") as View | undefined)?.says ?? "");
      model.on("change:view", says);
      says();
    }
  }

  private drop(gone: (name: string, panel: Panel) => boolean): void {
    for (const [name, panel] of this.panels) {
      if (!gone(name, panel)) continue;
      const stack = this.stacks.find((one) => one.root === panel.root.parentElement);
      if (stack) stack.height -= panel.high;
      panel.root.remove();
      this.panels.delete(name);
    }
  }
}

function newStack(): Stack {
  return { root: make("div", { class: "stack" }), height: 0 };
}

/** About how high a picture is, in widths of a column. */
function height(view: View): number {
  switch (view.kind) {
    case "tiles":
      return 0.1 + Math.ceil(view.images.shape[0]! / 6) * 0.19;
    case "field":
      return 1.15;
    case "graph":
      return 1;
    default:
      return 0.8;
  }
}

/** The picture in whose axes this one is drawn, if that is there. */
function onto(view: View, frame: FrameMessage): string {
  return "on" in view && view.on in frame.views ? view.on : "";
}

function lens(view: GraphView, node: number): Partial<FieldView> | null {
  const labels = view.layers.flat();
  const says = view.tells[node] ?? labels[node] ?? "";
  if (!view.images) return null;
  const [, h, w] = view.images.shape as [number, number, number];
  const data = view.images.data.subarray(node * h * w, (node + 1) * h * w);
  const label = labels[node] ?? "";
  const title = /^\d/.test(label) ? phrase("neuron {name}", { name: label }) : label;
  return { values: { data, shape: [h, w] }, lo: view.lo, hi: view.hi, says, title };
}

/** A number, or several that belong together, as curves over the steps. */
function chartView(chart: string, names: string[], scalars: Scalars, of: number): LineView {
  const series = names.map((name) => scalars.all.get(name)!);
  const [x, ...ys] = join(series.map((one) => thin(one, BUCKETS)));
  const says = series.map((one, i) => `${names.length > 1 ? `${shortName(names[i]!)} ` : ""}${spoken(one.last)}`);
  const data = Float64Array.from(ys.flatMap((row) => row.map((value) => value ?? NaN)));
  return {
    kind: "line",
    x: { data: Float64Array.from(x), shape: [x.length] } as Grid,
    ys: { data, shape: [ys.length, x.length] } as Grid,
    names: names.map(shortName),
    on: "",
    x_range: [0, roof(x[x.length - 1] ?? 0, of)],
    y_range: null,
    title: names.length > 1 ? chart.replaceAll("_", " ") : words(names[0]!),
    x_label: phrase("step"),
    y_label: "",
    dots: false,
    says: says.join(", "),
  };
}

/** The end of the axis of steps: it doubles now and then, so that the curve does not crawl. */
export function roof(step: number, of: number): number {
  let end = 100;
  while (end < step) end *= 2;
  return of > 0 ? Math.max(step, Math.min(of, end)) : end;
}
