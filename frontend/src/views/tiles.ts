/** Small pictures side by side. A click or Enter chooses one. */

import { fit, head, make, onResize, say, widthOf, type Head } from "../draw/dom.ts";
import type { Model, Mount } from "../draw/model.ts";
import { colourPixels, pixels } from "../draw/paint.ts";
import { inStyle, onTheme, table } from "../draw/palette.ts";
import type { TilesView } from "../messages.ts";
import { phrase } from "../words.ts";

const GAP = 6;
const WORDS = 15; // height of a line of a caption

interface Layout {
  columns: number;
  cell: number;
  wide: number;
  high: number;
}

/** As many columns as make pictures of a good size: whole pixels where that is possible. */
function arrange(view: TilesView, width: number): Layout {
  const [count] = view.images.shape as [number];
  const [h, w] = view.images.shape.slice(-2) as [number, number];
  const worded = view.captions.filter(Boolean).length > count / 2; // a few words may be wider than a picture
  const least = Math.max(worded ? 64 : 36, Math.min(w, 40));
  const most = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const wish = view.columns || Math.min(count, Math.max(4, Math.ceil(Math.sqrt(count * 1.6))));
  const columns = Math.max(1, Math.min(most, wish, count || 1));
  const cell = Math.min(96, Math.floor((width - GAP * (columns - 1)) / columns));
  const high = Math.round((cell * h) / w) + WORDS * lines(view) + GAP;
  return { columns, cell, wide: cell + GAP, high };
}

/** How many lines the longest caption has. */
function lines({ captions }: TilesView): number {
  return Math.max(0, ...captions.map((one) => one.split("\n").length));
}

class Atlas {
  private readonly head: Head;
  private readonly canvas = make("canvas", { role: "img", tabindex: "0", class: "tiles" });
  private readonly stops: (() => void)[];
  private at = -1; // under the pointer or the keyboard
  private layout: Layout = { columns: 1, cell: 1, wide: 1, high: 1 };

  constructor(
    private readonly model: Model,
    private readonly el: HTMLElement,
  ) {
    this.head = head(el);
    el.append(this.canvas);
    const redraw = () => this.draw();
    model.on("change:view", redraw);
    model.on("change:chosen", redraw);
    this.stops = [
      () => model.off("change:view", redraw),
      () => model.off("change:chosen", redraw),
      onTheme(redraw),
      onResize(el, redraw),
    ];
    this.canvas.addEventListener("pointermove", (event) => this.look(this.under(event)));
    this.canvas.addEventListener("pointerleave", () => this.look(-1));
    this.canvas.addEventListener("blur", () => this.look(-1));
    this.canvas.addEventListener("click", (event) => this.choose(this.under(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.el.replaceChildren();
  }

  private get view(): TilesView | undefined {
    return this.model.get("view") as TilesView | undefined;
  }

  private draw(): void {
    const view = this.view;
    const width = widthOf(this.el);
    if (!view || !width) return;
    const count = view.images.shape[0]!;
    this.layout = arrange(view, width);
    const { columns, high } = this.layout;
    say(this.head.title, view.title);
    this.canvas.setAttribute("aria-label", `${view.title ? `${view.title}: ` : ""}${view.says}`);
    this.canvas.classList.toggle("can-choose", Boolean(view.knob));
    const c = fit(this.canvas, width, Math.ceil(count / columns) * high);
    c.clearRect(0, 0, width, Math.ceil(count / columns) * high);
    c.imageSmoothingEnabled = false;
    c.font = `12px ${inStyle("sans")}`;
    for (let i = 0; i < count; i++) this.paint(c, view, i);
    this.tell(view);
  }

  private paint(c: CanvasRenderingContext2D, view: TilesView, i: number): void {
    const { columns, cell, wide, high } = this.layout;
    const [h, w] = view.images.shape.slice(-2) as [number, number];
    const [left, top] = [(i % columns) * wide, Math.floor(i / columns) * high];
    const tall = Math.round((cell * h) / w);
    c.drawImage(picture(view, i, w, h), left, top, cell, tall);
    const right = view.right?.data[i];
    const chosen = view.knob && this.model.get("chosen") === i;
    if (chosen || i === this.at) {
      c.strokeStyle = inStyle(chosen ? "signal" : "ink");
      c.lineWidth = chosen ? 3 : 1.5;
      c.strokeRect(left + 1, top + 1, cell - 2, tall - 2);
    }
    const caption = view.captions[i];
    if (caption === undefined) return;
    c.textBaseline = "top";
    c.fillStyle = right === undefined ? inStyle("quiet") : inStyle(right ? "accent" : "signal");
    const sign = right === undefined ? "" : right ? "✓ " : "✗ ";
    caption.split("\n").forEach((line, row) => {
      c.fillText((row ? "" : sign) + line, left, top + tall + 3 + row * WORDS, cell); // narrower letters where they need it
    });
  }

  private words(view: TilesView, i: number): string {
    const right = view.right?.data[i];
    const verdict = right === undefined ? "" : right ? `, ${phrase("right")}` : `, ${phrase("wrong")}`;
    return `${phrase("picture {number}", { number: i })}${view.captions[i] ? `: ${view.captions[i].replaceAll("\n", ": ")}` : ""}${verdict}`;
  }

  private tell(view: TilesView): void {
    say(this.head.readout, this.at >= 0 ? this.words(view, this.at) : "");
  }

  private under(event: MouseEvent): number {
    const box = this.canvas.getBoundingClientRect();
    const { columns, wide, high } = this.layout;
    const column = Math.floor((event.clientX - box.left) / wide);
    const i = Math.floor((event.clientY - box.top) / high) * columns + column;
    return column < columns && i >= 0 && i < (this.view?.images.shape[0] ?? 0) ? i : -1;
  }

  private look(i: number): void {
    if (i === this.at) return;
    this.at = i;
    this.draw();
  }

  private choose(i: number): void {
    const knob = this.view?.knob;
    if (knob && i >= 0) this.model.send({ type: "turn", knob, value: i });
  }

  private key(event: KeyboardEvent): void {
    const view = this.view;
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns } = this.layout;
    const moves: Record<string, number> = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns,
    };
    const move = moves[event.key];
    if (move !== undefined) {
      const to = Math.max(0, this.at + (this.at < 0 ? 1 : move));
      this.look(Math.min(view.images.shape[0]! - 1, this.at < 0 ? 0 : to));
      this.head.announce(this.words(view, this.at));
    } else if (event.key === "Enter" && this.at >= 0) this.choose(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** One picture as a small canvas, good until the next of the same size. */
function picture(view: TilesView, i: number, w: number, h: number): HTMLCanvasElement {
  const size = w * h;
  if (view.colours !== "colour") {
    return pixels(view.images.data.subarray(i * size, (i + 1) * size), w, h, table(view.colours), false);
  }
  return colourPixels(view.images.data.subarray(3 * i * size, 3 * (i + 1) * size), w, h);
}

function render({ model, el }: Mount): () => void {
  const atlas = new Atlas(model, el);
  return () => atlas.remove();
}

export default { render };
