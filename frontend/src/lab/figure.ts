/** The pictures of a run side by side, one panel a view. */

import { make } from "../draw/dom.ts";
import { PageModel } from "../draw/model.ts";
import type { FieldView, FrameMessage, GraphView, LineView, Overlay, View } from "../messages.ts";
import { phrase } from "../words.ts";
import { load } from "./modules.ts";
import { drawState, type Situation } from "./states.ts";

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
  type: "turn" | "click" | "drag";
  knob?: string;
  value?: unknown;
  x?: number;
  y?: number;
  knobs?: [x: string, y: string]; // of a handle
  settled?: boolean;
}

export class Figure {
  private readonly panels = new Map<string, Panel>();
  private frame: FrameMessage | null = null;
  private drawn: [view: string, line: LineView] | null = null; // by the learner, before the run
  private readonly empty = make("div", { class: "starting" }); // until the first picture
  private readonly ago = make("p", { class: "seen-ago", hidden: true });
  private readonly stacks: [Stack, Stack] = [newStack(), newStack()];
  private readonly formula = make("p", { class: "formula", hidden: true }); // what one neuron computes

  /** `ask` is told what a click in a picture wants: a knob turned, a point added. */
  constructor(
    private readonly el: HTMLElement,
    private readonly ask: (view: string, asked: Asked) => void,
    private readonly chosen: ReadonlySet<string> | null = null, // views and numbers; null: all
  ) {
    el.replaceChildren(this.empty, this.ago, ...this.stacks.map(({ root }) => root), this.formula);
  }

  /** Whether a view or a number of this name is to be seen here. */
  shows(name: string): boolean {
    return this.chosen?.has(name) ?? true;
  }

  /** While there is no picture: the state of the run, drawn. */
  situation(now: Situation): void {
    const name = now.kind === "queued" ? `${now.kind} ${now.place}` : now.kind;
    if (this.frame || this.empty.dataset["now"] === name) return;
    this.empty.dataset["now"] = name;
    this.empty.replaceChildren(drawState(now));
  }

  /** How old the picture is, where nobody can know what the run does now; empty: it is of now. */
  old(words: string): void {
    this.ago.hidden = !words || !this.frame;
    if (this.ago.textContent !== words) this.ago.textContent = words;
  }

  /** What somebody drew before the run is shown in a picture, with what comes out. */
  sketch(view: string, line: LineView): void {
    this.drawn = [view, line];
    const model = this.panels.get(view)?.model;
    model?.set("overlays", [...(model.get("overlays") as Overlay[]), line]);
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
    this.drop((name) => !names.has(name));
    const graphs = bases.flatMap(([, view]) => (view.kind === "graph" ? [view] : []));
    const boxes = graphs.some((view) => view.notes?.length); // they need the whole width
    this.el.classList.toggle("with-graph", graphs.length > 0 && !boxes);
    this.el.classList.toggle("with-boxes", boxes);
    this.empty.remove();
    for (const [at, [name, view]] of bases.entries()) {
      const overlays = views.map(([, one]) => one).filter((one) => onto(one, frame) === name);
      const panel = this.ensure(name, view.kind, height(view));
      if (this.drawn?.[0] === name) overlays.push(this.drawn[1]);
      panel.model.set("overlays", overlays as Overlay[]);
      if (view.kind === "tiles" && view.knob) panel.model.set("chosen", Number(values[view.knob]));
      panel.model.set("view", { ...view, title: headed(view.title || name.replaceAll("_", " ")) });
      panel.root.dataset["says"] = view.says;
      panel.root.style.order = view.kind === "graph" ? "" : String(at); // where all are one column
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
      if (this.panels.has(name)) this.tell(view, typeof chosen === "number" ? chosen : null);
    }
  }

  /** The sum of the chosen neuron with its numbers; of the first where none is chosen. */
  private tell(view: GraphView, chosen: number | null): void {
    const at = chosen ?? (view.layers[0]?.length ?? 0);
    const said = view.tells[at] ?? "";
    const hint = chosen === null ? phrase("point at another neuron to read it") : "";
    const now = [nodeName(view, at), said, hint].join("|");
    this.formula.hidden = !said;
    if (this.formula.dataset["now"] === now) return;
    this.formula.dataset["now"] = now;
    this.formula.replaceChildren(make("b", {}, nodeName(view, at)), ` ${said} `, make("span", { class: "quiet" }, hint));
  }

  /** A single picture has the room of two; none needs none. */
  private alone(): void {
    this.el.classList.toggle("alone", this.panels.size === 1);
    this.el.classList.toggle("bare", this.panels.size === 0);
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
    const [left, right] = this.stacks;
    const beside = this.el.classList.contains("with-graph") && kind !== "graph";
    const stack = !beside && (kind === "graph" || left.height <= right.height) ? left : right;
    stack.root.insertBefore(root, this.after(name, stack.root));
    stack.height += high;
  }

  /** What a picture stands before in its stack: the next of the frame that is there. */
  private after(name: string, stack: HTMLElement): HTMLElement | null {
    const names = Object.keys(this.frame?.views ?? {});
    const later = names.slice(names.indexOf(name) + 1).map((one) => this.panels.get(one)?.root);
    return later.find((root) => root?.parentElement === stack) ?? null;
  }

  private async mount({ root, model, kind }: Panel): Promise<void> {
    const el = make("div", { class: "view" });
    root.prepend(el);
    const module = await load(kind);
    if (module) module.default.render({ model, el });
    else {
      const says = () => (el.textContent = (model.get("view") as View | undefined)?.says ?? "");
      model.on("change:view", says);
      says();
    }
  }

  private drop(gone: (name: string) => boolean): void {
    for (const [name, panel] of this.panels) {
      if (!gone(name)) continue;
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
    case "tiles": {
      const worded = view.captions.length > 0;
      const columns = Math.max(1, Math.min(view.columns || 6, worded ? 5 : 8, view.images.shape[0]!));
      return 0.1 + Math.ceil(view.images.shape[0]! / columns) * (1 / columns + (worded ? 0.045 : 0.015));
    }
    case "field":
      return view.rows.length && view.rows.length !== view.columns.length ? 0.2 + Math.min(0.9, view.rows.length / 8) : 1.15;
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
  const [layer, number] = neuron(label);
  const title = layer && number ? phrase("What neuron {number} of layer {layer} says", { number, layer }) : label;
  return { values: { data, shape: [h, w] }, lo: view.lo, hi: view.hi, says, title };
}

/** A node in words: "1.2" is the second neuron of the first layer. */
function nodeName(view: GraphView, at: number): string {
  const name = view.layers.flat()[at] ?? "";
  const [layer, number] = neuron(name);
  if (layer && number) return phrase("Neuron {number} of layer {layer}", { number, layer });
  return headed(name);
}

function headed(words: string): string {
  return words && words[0]!.toUpperCase() + words.slice(1);
}

function neuron(label: string): [layer: string, number: string] {
  const found = /^(\d+)\.(\d+)$/.exec(label);
  return [found?.[1] ?? "", found?.[2] ?? ""];
}
