/** A network: nodes with what they compute, edges with their weights. */

import { fit, head, make, onResize, say, svg, widthOf, type Head } from "../draw/dom.ts";
import type { Model, Mount } from "../draw/model.ts";
import { curve, distance, letters, LINE, place, stroke, type Network } from "../draw/network.ts";
import { pixels } from "../draw/paint.ts";
import { inStyle, onTheme, table } from "../draw/palette.ts";
import type { GraphView } from "../messages.ts";
import { spoken } from "../numbers.ts";
import { phrase } from "../words.ts";

const NEAR = 5; // pixels from an edge to the pointer

class Diagram {
  private readonly head: Head;
  private readonly stage = make("div", { class: "graph" });
  private readonly below = svg("svg", { class: "graph-edges", "aria-hidden": "true" });
  private readonly canvas = make("canvas", { "aria-hidden": "true" });
  private readonly above = svg("svg", { class: "graph-nodes", role: "group" });
  private readonly stops: (() => void)[];
  private edges: SVGPathElement[] = [];
  private looks: string[] = []; // sign and width of each edge as they are drawn
  private nodes: SVGGElement[] = [];
  private network: Network = { nodes: [], size: 0, tall: 0, width: 0, height: 0 };
  private shape = "";
  private letters = 0; // a box is as wide as the longest line it ever held
  private now = -1;
  private pinned: number | null = null;
  private seen: number | null = null;

  constructor(
    private readonly model: Model,
    private readonly el: HTMLElement,
  ) {
    this.head = head(el);
    this.stage.append(this.below, this.canvas, this.above);
    el.append(this.stage);
    const update = () => this.update();
    const rebuild = () => {
      this.shape = "";
      this.update();
    };
    model.on("change:view", update);
    this.stops = [() => model.off("change:view", update), onTheme(rebuild), onResize(el, rebuild)];
    this.stage.addEventListener("pointermove", (event) => this.hover(event));
    this.stage.addEventListener("pointerleave", () => say(this.head.readout, ""));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.update();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.el.replaceChildren();
  }

  private get view(): GraphView | undefined {
    return this.model.get("view") as GraphView | undefined;
  }

  private update(): void {
    const view = this.view;
    const width = widthOf(this.el);
    if (!view || !width) return;
    say(this.head.title, view.title);
    this.above.setAttribute("aria-label", `${view.title ? `${view.title}: ` : ""}${view.says}`);
    if (view.notes?.length) this.letters = Math.max(this.letters, letters(view));
    const shape = `${width} ${this.letters} ${JSON.stringify(view.layers)} ${view.weight.data.length}`;
    if (shape !== this.shape) this.build(view, width, shape);
    const fine = this.edges.length > 120;
    for (let i = 0; i < this.edges.length; i++) {
      const weight = view.weight.data[i]!;
      const look = `${weight < 0 ? "-" : ""}${stroke(weight, fine).toFixed(1)}`;
      if (this.looks[i] === look) continue; // what is not touched need not be painted again
      this.looks[i] = look;
      this.edges[i]!.style.strokeWidth = look.replace("-", "");
      this.edges[i]!.style.strokeOpacity = Math.min(0.9, 0.25 + Math.abs(weight) * (fine ? 0.2 : 0.3)).toFixed(2);
      this.edges[i]!.classList.toggle("negative", weight < 0);
    }
    this.write(view, width);
    this.paint(view);
  }

  /** The words in the boxes, and which of them is the one where something happens. */
  private write(view: GraphView, width: number): void {
    if (!view.notes?.length) return;
    view.notes.forEach((note, i) => {
      const lines = note.split("\n");
      this.nodes[i]!.querySelectorAll(".note").forEach((line, j) => {
        const words = `${lines[j] ?? ""} `; // the space parts them where the name of the box is read
        if (line.textContent !== words) line.textContent = words;
      });
      this.nodes[i]!.setAttribute("aria-label", [this.network.nodes[i]!.label, ...lines].filter(Boolean).join(" "));
      this.nodes[i]!.classList.toggle("now", i === view.now);
    });
    if (view.now !== this.now && view.now >= 0 && this.network.width > width) {
      this.stage.scrollLeft = this.network.nodes[view.now]!.x - width / 2;
    }
    this.now = view.now;
    if (this.chosen !== null) this.readout();
  }

  private build(view: GraphView, width: number, shape: string): void {
    this.shape = shape;
    const network = (this.network = place(view, width, this.letters));
    for (const one of [this.below, this.above]) {
      one.setAttribute("viewBox", `0 0 ${network.width} ${network.height}`);
      one.setAttribute("width", String(network.width));
      one.setAttribute("height", String(network.height));
    }
    this.edges = Array.from(view.source.data, (from, i) => {
      const ends = [network.nodes[from]!, network.nodes[view.target.data[i]!]!] as const;
      return svg("path", { d: curve(...ends, network.size) });
    });
    this.below.replaceChildren(...this.edges);
    this.looks = [];
    this.nodes = network.nodes.map((_, i) => this.node(view, i));
    this.above.replaceChildren(...this.nodes);
    if (this.pinned !== null && this.pinned >= this.nodes.length) this.pin(null);
    this.mark();
  }

  private node(view: GraphView, i: number): SVGGElement {
    const { nodes, size, tall } = this.network;
    const { x, y, layer, label } = nodes[i]!;
    const last = view.layers.length - 1;
    const square = svg("rect", {
      x: x - size / 2, y: y - tall / 2, width: size, height: tall, rx: Math.min(5, size / 6),
    });
    const outside = layer === 0 || layer === last;
    const at = layer === 0 ? x - size / 2 - 5 : x + size / 2 + 5;
    const words = view.notes?.[i]?.split("\n");
    const top = y - tall / 2 + LINE;
    const lone = layer === last && Boolean(view.into) && view.layers[last]!.length === 1; // it is the large picture
    const texts = words
      ? [
          svg("text", { x, y: top, class: "inside" }, `${label} `),
          ...words.map((_, j) => svg("text", { x, y: top + (j + 1) * LINE, class: "inside note" })),
        ]
      : [outside && !lone && svg("text", { x: at, y: y + 4, class: layer === 0 ? "before" : "" }, label)];
    return svg(
      "g",
      {
        class: "node",
        tabindex: i === (this.pinned ?? 0) ? "0" : "-1",
        role: "button",
        "aria-label": label,
        onpointerenter: () => this.look(i),
        onpointerleave: () => this.look(null),
        onfocus: () => this.look(i),
        onblur: () => this.look(null),
        onclick: () => this.pin(this.pinned === i ? null : i),
      },
      square,
      ...texts,
    );
  }

  private paint(view: GraphView): void {
    const { nodes, size, tall, width, height } = this.network;
    const c = fit(this.canvas, width, height);
    c.clearRect(0, 0, width, height);
    if (!view.images) {
      c.fillStyle = inStyle("paper");
      for (const { x, y } of nodes) c.fillRect(x - size / 2, y - tall / 2, size, tall);
      return;
    }
    const [, h, w] = view.images.shape as [number, number, number];
    const colours = table("diverging");
    const all = pixels(view.images.data, w, nodes.length * h, colours, true); // from the last one up
    nodes.forEach(({ x, y }, i) => {
      const top = (nodes.length - 1 - i) * h;
      c.drawImage(all, 0, top, w, h, x - size / 2, y - size / 2, size, size);
    });
  }

  /** Show a node for as long as it is pointed at. */
  private look(i: number | null): void {
    this.seen = i;
    this.tell();
  }

  private pin(i: number | null): void {
    this.pinned = i;
    this.tell();
  }

  private get chosen(): number | null {
    return this.seen ?? this.pinned;
  }

  private tell(): void {
    this.model.set("chosen", this.chosen);
    this.model.save_changes();
    this.readout();
    this.mark();
  }

  /** What a box says in full, where no other picture shows it. */
  private readout(): void {
    if (!this.view?.notes?.length) return;
    say(this.head.readout, this.chosen === null ? "" : (this.view.tells[this.chosen] ?? ""));
  }

  private mark(): void {
    const { chosen, view } = this;
    this.nodes.forEach((node, i) => {
      node.classList.toggle("chosen", i === chosen);
      node.classList.toggle("pinned", i === this.pinned);
      node.setAttribute("aria-pressed", String(i === this.pinned));
    });
    this.below.classList.toggle("focused", chosen !== null);
    this.edges.forEach((edge, i) => {
      const touches = view?.source.data[i] === chosen || view?.target.data[i] === chosen;
      edge.classList.toggle("touches", chosen !== null && touches);
    });
  }

  private hover(event: PointerEvent): void {
    const view = this.view;
    if (!view || this.seen !== null) return;
    const box = this.stage.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left + this.stage.scrollLeft, event.clientY - box.top];
    const { nodes, size } = this.network;
    let best = NEAR;
    let found = -1;
    for (let i = 0; i < this.edges.length; i++) {
      const [from, to] = [nodes[view.source.data[i]!]!, nodes[view.target.data[i]!]!];
      const far = distance(from, to, size, x, y);
      if (far < best) [best, found] = [far, i];
    }
    this.edges.forEach((edge, i) => edge.classList.toggle("under", i === found));
    if (found < 0) return say(this.head.readout, "");
    const [from, to] = [nodes[view.source.data[found]!]!, nodes[view.target.data[found]!]!];
    const weight = spoken(view.weight.data[found]!);
    if (view.edges) return say(this.head.readout, `${from.label} → ${to.label}: ${view.edges} ${weight}`);
    say(this.head.readout, phrase("{from} → {to}: weight {weight}", { from: from.label, to: to.label, weight }));
  }

  /** Arrows walk from node to node, Enter keeps one, Escape lets go. */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.nodes.indexOf(event.target as SVGGElement);
    if (at < 0) return;
    if (event.key === "Escape") {
      this.seen = null;
      this.pin(null);
    } else if (event.key === "Enter" || event.key === " ") {
      this.pin(this.pinned === at ? null : at);
    } else {
      const to = this.neighbour(at, event.key);
      if (to === null) return;
      this.nodes[at]!.setAttribute("tabindex", "-1");
      this.nodes[to]!.setAttribute("tabindex", "0");
      this.nodes[to]!.focus();
      this.head.announce(this.view?.tells[to] ?? "");
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private neighbour(at: number, key: string): number | null {
    const { nodes } = this.network;
    const here = nodes[at]!;
    const layer = { ArrowLeft: here.layer - 1, ArrowRight: here.layer + 1 }[key];
    if (layer === undefined) {
      const to = { ArrowUp: at - 1, ArrowDown: at + 1 }[key];
      return to !== undefined && nodes[to]?.layer === here.layer ? to : null;
    }
    let best: number | null = null;
    nodes.forEach((node, i) => {
      if (node.layer !== layer) return;
      if (best === null || Math.abs(node.y - here.y) < Math.abs(nodes[best]!.y - here.y)) best = i;
    });
    return best;
  }
}

function render({ model, el }: Mount): () => void {
  const diagram = new Diagram(model, el);
  return () => diagram.remove();
}

export default { render };
