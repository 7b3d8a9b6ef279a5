/** What a learner draws on before a figure runs: with a pointer, or by arrow keys. */

import { make, svg } from "../draw/dom.ts";
import type { FathomLab } from "../lab/lab.ts";
import type { PointsView } from "../messages.ts";
import { measured, spoken, ticks, words } from "../numbers.ts";
import { phrase } from "../words.ts";
import { fromShare, grown, handles, moved, read, thinned, toShare, write, type Place, type Sketch } from "./path.ts";

const [WIDTH, HEIGHT] = [560, 320]; // at most
const [LEFT, BOTTOM, REST] = [56, 40, 12]; // around the axes
const SQUARE = 440; // both ways at most, where both axes are those of a picture
const SOON = 200; // milliseconds until it is seen again whether the figure has its first picture

/** Make every place of the page that waits for a drawing one to draw on. */
export function layPads(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-pad]:empty")) new Pad(el);
}

class Pad {
  private readonly question: HTMLElement;
  private readonly sketch: Sketch;
  private readonly field: HTMLInputElement;
  private readonly send: HTMLButtonElement;
  private readonly width: number;
  private readonly height: number;
  private readonly root: SVGSVGElement;
  private readonly ground = svg("g"); // axes, and what the figure shows
  private readonly top = svg("g"); // what is drawn
  private shares: Place[] = [];
  private knots = false; // places that are moved by keys are shown
  private drawing = false;
  private readonly soon = svg("text", { "text-anchor": "middle" }, phrase("The points will be here in a moment."));

  constructor(el: HTMLElement) {
    this.question = el.closest<HTMLElement>(".question")!;
    this.sketch = JSON.parse(this.question.dataset["sketch"]!) as Sketch;
    const form = el.closest("form")!;
    this.field = form.querySelector<HTMLInputElement>("[name=drawing]")!;
    this.send = form.querySelector<HTMLButtonElement>(".send")!;
    const border = this.sketch.draw === "border";
    this.width = Math.min(border ? SQUARE : WIDTH, el.clientWidth || WIDTH);
    this.height = border ? this.width : Math.min(HEIGHT, 0.8 * this.width);
    this.root = svg("svg", {
      viewBox: `0 0 ${this.width} ${this.height}`, class: "pad-svg", role: "group",
      "aria-label": border ? phrase("draw the border here") : phrase("draw the curve here"),
    }, this.ground, this.top);
    this.root.style.maxWidth = `${this.width}px`; // letters keep their size
    const button = (text: string, act: () => void) => make("button", { type: "button", class: "btn bare", onclick: act }, text);
    const tools = make("p", { class: "pad-tools" },
      button(phrase("Draw by keys"), () => this.byKeys()),
      button(phrase("Clear"), () => this.change([], false)),
    );
    el.append(this.root, tools);
    this.root.addEventListener("pointerdown", (event) => this.press(event));
    this.root.addEventListener("pointermove", (event) => this.drawing && this.change(grown(this.sketch, this.shares, this.at(event)), false));
    for (const name of ["pointerup", "pointercancel"]) this.root.addEventListener(name, () => this.lift());
    this.axes();
    this.change(read(this.sketch, this.field.value), false); // what was drawn before the page came again
    if (!border) return;
    this.soon.setAttribute("x", String(this.x(0.5)));
    this.soon.setAttribute("y", String(this.y(0.94)));
    this.ground.append(this.soon);
    this.show();
  }

  // ---- drawing

  private press(event: PointerEvent): void {
    if (event.button) return;
    event.preventDefault();
    this.root.setPointerCapture(event.pointerId);
    this.drawing = true;
    this.change([this.at(event)], false);
  }

  private lift(): void {
    if (!this.drawing) return;
    this.drawing = false;
    this.change(thinned(this.shares), false);
  }

  private at(event: PointerEvent): Place {
    const box = this.root.getBoundingClientRect();
    const scale = this.width / box.width;
    const across = ((event.clientX - box.left) * scale - LEFT) / (this.width - LEFT - REST);
    const up = 1 - ((event.clientY - box.top) * scale - REST) / (this.height - BOTTOM - REST);
    return [Math.min(1, Math.max(0, across)), Math.min(1, Math.max(0, up))];
  }

  /** A few places in a row, each moved by the arrow keys. */
  private byKeys(): void {
    this.change(handles(this.shares), true);
    this.top.querySelector<SVGElement>("[role=slider]")?.focus();
  }

  private key(event: KeyboardEvent, i: number): void {
    const next = moved(this.sketch, this.shares, i, event.key);
    if (!next) return;
    event.preventDefault();
    this.change(next, true);
    this.top.querySelectorAll<SVGElement>("[role=slider]")[i]!.focus();
  }

  private change(shares: Place[], knots: boolean): void {
    this.shares = shares;
    this.knots = knots;
    this.field.value = write(this.sketch, shares);
    this.send.disabled = shares.length < 2;
    this.paint();
  }

  // ---- what is seen

  private x(share: number): number {
    return LEFT + share * (this.width - LEFT - REST);
  }

  private y(share: number): number {
    return REST + (1 - share) * (this.height - BOTTOM - REST);
  }

  private paint(): void {
    const line = this.shares.map(([x, y]) => `${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join("L");
    const path = svg("path", { d: line && `M${line}`, class: "pad-line" });
    const knots = this.knots ? this.shares.map((one, i) => this.knot(one, i)) : [];
    this.top.replaceChildren(path, ...knots);
  }

  private knot([x, y]: Place, i: number): SVGCircleElement {
    const shown = fromShare(this.sketch, [x, y]);
    const [across, up] = shown.map((value) => spoken(value)) as [string, string];
    return svg("circle", {
      cx: this.x(x), cy: this.y(y), r: 8, class: "pad-knot", tabindex: 0, role: "slider",
      "aria-label": phrase("place {number} of {all}", { number: i + 1, all: this.shares.length }),
      "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(100 * y),
      "aria-valuetext": `${this.sketch.draw === "curve" ? `${phrase("step {step}", { step: across })}, ${words(this.sketch.of)} ${measured(this.sketch.of, shown[1])}` : `${across}, ${up}`}`,
      onkeydown: (event) => this.key(event as KeyboardEvent, i),
    });
  }

  private axes(): void {
    const { sketch } = this;
    const [left, right, low, high] = [this.x(0), this.x(1), this.y(0), this.y(1)];
    const label = (x: number, y: number, text: string, anchor: string) => svg("text", { x, y, "text-anchor": anchor }, text);
    const upright = sketch.log ? powers(sketch.y) : ticks(...sketch.y, 4);
    this.ground.replaceChildren(
      ...upright.flatMap((value) => {
        const y = this.y(toShare(sketch, [0, value])[1]);
        return [svg("path", { d: `M${left} ${y}H${right}`, class: "pad-grid" }), label(left - 8, y + 4, measured(sketch.of, value), "end")];
      }),
      ...ticks(...sketch.x, this.width / 90).map((value) => label(this.x(toShare(sketch, [value, sketch.y[0]])[0]), low + 18, spoken(value), "middle")),
      svg("path", { d: `M${left} ${high}V${low}H${right}`, class: "pad-axis" }),
      ...(sketch.draw === "curve" ? [label(right, low + 34, phrase("step"), "end"), label(left + 8, high + 14, words(sketch.of), "start")] : []),
    );
  }

  /** The points of the figure that waits, as soon as it has its first picture. */
  private show(): void {
    if (!this.root.isConnected) return;
    const gate = this.question.id.replace(/^q-/, "");
    const lab = document.querySelector<FathomLab>(`fathom-lab[gate="${gate}"]`);
    const frame = lab?.run?.frame;
    if (!frame) {
      window.setTimeout(() => this.show(), SOON);
      return;
    }
    this.soon.remove();
    for (const view of Object.values(frame.views)) {
      if (view.kind === "points" && view.on === this.sketch.of) this.ground.append(...this.marks(view));
    }
  }

  private marks(view: PointsView): SVGElement[] {
    const [count, dimensions] = view.xy.shape as [number, number];
    return Array.from({ length: count }, (_, i) => {
      const place: Place = [view.xy.data[i * dimensions]!, view.xy.data[i * dimensions + 1]!];
      const [across, up] = toShare(this.sketch, place);
      const [x, y] = [this.x(across), this.y(up)];
      const second = view.label?.data[i] === 1;
      const d = second ? `M${x} ${y - 5}l5 8.6h-10z` : `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;
      return svg("path", { d, fill: `var(--c${second ? 2 : 1})`, stroke: "var(--halo)" });
    });
  }
}

/** Powers of ten within a range. */
function powers([low, high]: [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
