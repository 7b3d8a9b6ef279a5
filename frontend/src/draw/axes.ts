/** A canvas with axes: labels, the value under the pointer, a cross-hair for the keyboard. */

import type { Grid } from "../frames.ts";
import type { FieldView, LineView, Overlay, PointsView, Range } from "../messages.ts";
import { spoken } from "../numbers.ts";
import { phrase } from "../words.ts";
import { fit, head, make, onResize, say, widthOf, type Head } from "./dom.ts";
import type { Model, Mount } from "./model.ts";
import { spots, type Named, type Place, type Spot } from "./naming.ts";
import { extent, paintCurves, paintPoints, toX, toY, type Axes } from "./paint.ts";
import { asInk, classColour, inStyle, onTheme } from "./palette.ts";
import { haloed, layout, paintFrame } from "./scales.ts";

export interface Scene {
  title: string;
  says: string;
  x: Range;
  y: Range;
  xLabel: string;
  yLabel: string;
  rows?: string[]; // names instead of numbers, first at the top
  columns?: string[];
  overlays: Overlay[];
  names?: string[]; // of the colours, in their order: curves that have one are named in the picture
  held: boolean;
  filled?: boolean; // colours everywhere: the ends of the axes are enough
  background(c: CanvasRenderingContext2D, axes: Axes): void;
  valueAt(x: number, y: number): string; // "" where there is nothing to say
}

const FEW = 12; // so many points are marks on the curves; more are data below them
const STEPS = 40; // key strokes from one side to the other

/** The points of a picture that can be dragged, and where they are. */
function handles(scene: Scene): { view: PointsView; at: [number, number] }[] {
  return scene.overlays.flatMap((view) => {
    if (view.kind !== "points" || !view.drag?.some(Boolean) || !view.xy.shape[0]) return [];
    return [{ view, at: [view.xy.data[0]!, view.xy.data[1]!] as [number, number] }];
  });
}

/** Data lie below the curves, a few marks on them. */
function layer(view: Overlay): number {
  if (view.kind === "line") return 1;
  return view.xy.shape[0]! > FEW ? 0 : 2;
}

/** One picture with axes in `el`; `scene` says what to draw at each change. */
export class Plot {
  readonly head: Head;
  readonly canvas = make("canvas", { role: "img", tabindex: "0", class: "plot" });
  private readonly stops: (() => void)[] = [];
  private cross: [number, number] | null = null; // in the units of the axes
  private axes: Axes | null = null;
  private held: PointsView | null = null; // the handle that is being dragged
  private dropped = -Infinity; // when one was let go: the click that follows is part of it
  private queued = 0;
  private spots = new Map<string, Spot>(); // where the curves are named
  drawn: () => void = () => {}; // told after each drawing
  named = new Set<string>(); // the curves whose name stands in the picture
  private readonly stills: { key: string; canvas: HTMLCanvasElement }[] = [];

  constructor(
    private readonly mount: Mount,
    private readonly scene: () => Scene | null,
    watched: string[],
  ) {
    this.head = head(mount.el);
    mount.el.append(this.canvas);
    for (const name of watched) this.listen(mount.model, name);
    this.stops.push(onResize(mount.el, () => this.draw()), onTheme(() => this.draw()));
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.moveTo(null));
    this.canvas.addEventListener("blur", () => this.moveTo(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("pointerdown", (event) => this.grab(event));
    this.canvas.addEventListener("pointerup", (event) => this.drop(event));
    this.canvas.addEventListener("pointercancel", () => (this.held = null));
  }

  private listen(model: Model, name: string): void {
    const redraw = () => this.later();
    model.on(`change:${name}`, redraw);
    this.stops.push(() => model.off(`change:${name}`, redraw));
  }

  /** Several changes at once are one drawing. */
  later(): void {
    this.queued ||= queue(() => {
      this.queued = 0;
      this.draw();
    });
  }

  remove(): void {
    for (const stop of this.stops) stop();
  }

  draw(): void {
    const scene = this.scene();
    const width = widthOf(this.mount.el);
    if (!scene || !width) return;
    say(this.head.title, scene.title);
    this.canvas.setAttribute("aria-label", `${scene.title ? `${scene.title}: ` : ""}${scene.says}`);
    const size = layout(scene, width);
    this.axes = size.axes;
    const c = fit(this.canvas, width, size.height);
    c.clearRect(0, 0, width, size.height);
    scene.background(c, this.axes);
    paintFrame(c, this.axes, scene);
    const several = scene.overlays.filter((view) => view.kind === "line").length > 1;
    const called: Called[] = [];
    let paths = 0; // several paths get the colours of the classes, in their order
    const numbered = scene.overlays.map((view, i) => ({ view, i }));
    for (const { view, i } of numbered.sort((a, b) => layer(a.view) - layer(b.view))) {
      if (view.kind === "points") this.paintStill(c, view, i, scene.held, width, size.height);
      else {
        const curves = view.ys.shape[0]!; // several in one view have colours of their own
        paintCurves(c, this.axes!, view, Boolean(scene.filled), several && curves === 1 ? classColour(paths) : null);
        for (let row = 0; several && row < curves; row++) {
          const name = scene.names?.[paths + row];
          if (name && isCalled(view, row, name)) called.push({ name, view, row, colour: classColour(paths + row) });
        }
        paths += curves;
      }
    }
    this.paintNames(c, called, scene.overlays);
    this.paintHandles(c, scene);
    this.paintCross(c, scene);
    this.drawn();
  }

  /** The names of curves, each beside its own; those for which there is no room stay in the key. */
  private paintNames(c: CanvasRenderingContext2D, called: Called[], overlays: Overlay[]): void {
    if (!called.length && !this.spots.size) return;
    const { left, top, width, height } = this.axes!;
    const isNamed = (view: LineView, row: number) => called.some((one) => one.view === view && one.row === row);
    const rest = overlays.flatMap((view) => {
      const rows = view.kind === "line" ? Array.from({ length: view.ys.shape[0]! }, (_, row) => row) : [];
      return rows.filter((row) => !isNamed(view as LineView, row)).map((row) => places(this.axes!, view as LineView, row));
    });
    const dots = overlays.flatMap((view) => (view.kind === "points" ? marks(this.axes!, view) : []));
    c.font = `600 13px ${inStyle("sans")}`;
    const all = called.map((one): Named => ({
      name: one.name, width: c.measureText(one.name).width, path: places(this.axes!, one.view, one.row),
    }));
    const found = spots(all, { left: left + 2, top, right: left + width, bottom: top + height }, this.spots, rest, dots);
    this.spots = new Map(all.flatMap(({ name }, i) => (found[i] ? [[name, found[i]] as const] : [])));
    this.named = new Set(this.spots.keys());
    c.textBaseline = "middle";
    c.textAlign = "left";
    called.forEach(({ name, colour }, i) => {
      const spot = found[i];
      if (spot) haloed(c, name, spot.x, spot.y, true, asInk(colour));
    });
  }

  /** What can be taken hold of. */
  private paintHandles(c: CanvasRenderingContext2D, scene: Scene): void {
    for (const [x, y] of handles(scene).map(({ at }) => at)) {
      const [px, py] = [toX(this.axes!, x), toY(this.axes!, y)];
      c.beginPath();
      c.arc(px, py, 7, 0, 2 * Math.PI);
      c.fillStyle = inStyle("paper");
      c.fill();
      c.lineWidth = 2.5;
      c.strokeStyle = inStyle("accent");
      c.stroke();
    }
  }

  /** The handle near a place of the canvas. */
  private near(event: PointerEvent): PointsView | null {
    const scene = this.scene();
    const box = this.canvas.getBoundingClientRect();
    if (!scene || !this.axes) return null;
    const reach = event.pointerType === "touch" ? 24 : 14;
    const found = handles(scene).find(({ at: [x, y] }) => {
      const [dx, dy] = [toX(this.axes!, x) - (event.clientX - box.left), toY(this.axes!, y) - (event.clientY - box.top)];
      return Math.hypot(dx, dy) <= reach;
    });
    return found?.view ?? null;
  }

  private grab(event: PointerEvent): void {
    this.held = event.button ? null : this.near(event);
    if (!this.held) return;
    this.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  private drop(event: PointerEvent): void {
    if (!this.held) return;
    this.drag(event, true);
    this.held = null;
    this.dropped = performance.now();
  }

  private drag(event: PointerEvent, settled: boolean): void {
    const axes = this.axes!;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [
      clamp(axes.x, between(axes.x, (event.clientX - box.left - axes.left) / axes.width)),
      clamp(axes.y, between(axes.y, 1 - (event.clientY - box.top - axes.top) / axes.height)),
    ];
    const [from, by] = this.held!.lever ?? [0, 1];
    this.mount.model.send({ type: "drag", knobs: this.held!.drag, x, y: (y - from) * by, settled });
  }

  /** Points seldom change: they are painted once and copied until they do. */
  private paintStill(
    c: CanvasRenderingContext2D, view: PointsView, i: number, held: boolean, width: number, height: number,
  ): void {
    const sum = [view.xy, view.label, view.held_out, view.value].map((one) => checksum(one));
    const key = JSON.stringify([sum, held, width, this.axes, inStyle("paper")]);
    let still = this.stills[i];
    if (still?.key !== key) {
      still = this.stills[i] = { key, canvas: still?.canvas ?? document.createElement("canvas") };
      const own = fit(still.canvas, width, height);
      own.clearRect(0, 0, width, height);
      paintPoints(own, this.axes!, view, { held });
    }
    c.drawImage(still.canvas, 0, 0, width, height);
  }

  private paintCross(c: CanvasRenderingContext2D, scene: Scene): void {
    const axes = this.axes!;
    if (!this.cross) {
      say(this.head.readout, "");
      return;
    }
    const [x, y] = this.cross;
    c.strokeStyle = inStyle("ink");
    c.lineWidth = 1;
    c.globalAlpha = 0.55;
    c.beginPath();
    const [px, py] = [Math.round(toX(axes, x)) + 0.5, Math.round(toY(axes, y)) + 0.5];
    c.moveTo(px, axes.top);
    c.lineTo(px, axes.top + axes.height);
    c.moveTo(axes.left, py);
    c.lineTo(axes.left + axes.width, py);
    c.stroke();
    c.globalAlpha = 1;
    say(this.head.readout, this.words(scene, x, y));
  }

  private words(scene: Scene, x: number, y: number): string {
    const value = scene.valueAt(x, y);
    if (scene.rows?.length) return value;
    const across = `${scene.xLabel || "x"} ${spoken(x, 3)}`;
    const up = `${scene.yLabel || "y"} ${spoken(y, 3)}`;
    return `${across}, ${up}${value ? `: ${value}` : ""}`;
  }

  private place(event: MouseEvent): [number, number] | null {
    const axes = this.axes;
    if (!axes) return null;
    const box = this.canvas.getBoundingClientRect();
    const across = (event.clientX - box.left - axes.left) / axes.width;
    const up = 1 - (event.clientY - box.top - axes.top) / axes.height;
    if (across < 0 || across > 1 || up < 0 || up > 1) return null;
    return [between(axes.x, across), between(axes.y, up)];
  }

  private point(event: PointerEvent): void {
    if (this.held) {
      this.drag(event, false);
      return;
    }
    this.canvas.classList.toggle("can-grab", Boolean(this.near(event)));
    this.moveTo(this.place(event));
  }

  private moveTo(place: [number, number] | null): void {
    if (!place && !this.cross) return;
    this.cross = place;
    this.later();
  }

  private click(event: MouseEvent): void {
    if (performance.now() - this.dropped < 50) return;
    const place = this.place(event);
    if (place) this.mount.model.send({ type: "click", x: place[0], y: place[1] });
  }

  private key(event: KeyboardEvent): void {
    const axes = this.axes;
    const scene = this.scene();
    if (!axes || !scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
    };
    const move = moves[event.key];
    if (event.key === "Enter" && this.cross) {
      this.mount.model.send({ type: "click", x: this.cross[0], y: this.cross[1] });
    } else if (event.key === "Escape" && this.cross) this.moveTo(null);
    else if (move) {
      const [x, y] = this.cross ?? [between(axes.x, 0.5), between(axes.y, 0.5)];
      const step = this.stride(scene);
      const moved: [number, number] = [
        clamp(axes.x, x + move[0] * step[0]),
        clamp(axes.y, y + move[1] * step[1]),
      ];
      this.moveTo(moved);
      this.head.announce(this.words(scene, ...moved));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private stride(scene: Scene): [number, number] {
    const across = scene.columns?.length || STEPS;
    const up = scene.rows?.length || STEPS;
    return [(scene.x[1] - scene.x[0]) / across, (scene.y[1] - scene.y[0]) / up];
  }
}

interface Called {
  name: string;
  view: LineView;
  row: number;
  colour: string;
}

/** Whether a curve is that of a name: it has it, or what is said of it begins with it. */
function isCalled(view: LineView, row: number, name: string): boolean {
  return view.names.length > 1 ? view.names[row] === name : view.says.startsWith(name);
}

/** A curve in pixels, as far as it is known. */
function places(axes: Axes, view: LineView, row: number): Place[] {
  const count = view.x.data.length;
  return Array.from(view.x.data, (x, i): Place => [toX(axes, x), toY(axes, view.ys.data[row * count + i]!)]);
}

/** Points in pixels. */
function marks(axes: Axes, { xy }: PointsView): Place[] {
  const [count, dimensions] = xy.shape as [number, number];
  return Array.from({ length: count }, (_, i): Place => [toX(axes, xy.data[i * dimensions]!), toY(axes, xy.data[i * dimensions + 1]!)]);
}

/** A number that changes when an array does. */
function checksum(grid: Grid | undefined): number {
  if (!grid) return 0;
  const { buffer, byteOffset, byteLength } = grid.data;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let sum = byteLength;
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + bytes[i]!) | 0;
  return sum;
}

function queue(action: () => void): number {
  queueMicrotask(action);
  return 1;
}

function between([low, high]: Range, share: number): number {
  return low + (high - low) * share;
}

function clamp([low, high]: Range, value: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The range that holds all these points and curves, with a little room. */
export function around(
  views: (PointsView | LineView)[], axis: 0 | 1,
): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const view of views) {
    const said = view.kind === "points" ? [view.x, view.y][axis] : [view.x_range, view.y_range][axis];
    const [least, most] = said ?? measured(view, axis);
    low = Math.min(low, least);
    high = Math.max(high, most);
    if (said) return said;
  }
  const room = high > low ? (high - low) * 0.06 : 1;
  return [low - room, high + room];
}

function measured(view: PointsView | LineView, axis: 0 | 1): Range {
  if (view.kind === "line") return extent((axis ? view.ys : view.x).data);
  const [count, dimensions] = view.xy.shape as [number, number];
  return extent(Array.from({ length: count }, (_, i) => view.xy.data[i * dimensions + axis]!));
}

/** A sentence for the point nearest to a place, if one is near. */
export function nearest(views: Overlay[], x: number, y: number, range: [Range, Range]): string {
  const scale = range.map(([low, high]) => high - low) as [number, number];
  let best = 0.03;
  let found = "";
  for (const view of views) {
    if (view.kind !== "points") continue;
    const [count, dimensions] = view.xy.shape as [number, number];
    for (let i = 0; i < count; i++) {
      const [px, py] = [view.xy.data[i * dimensions]!, view.xy.data[i * dimensions + 1]!];
      const far = Math.hypot((px - x) / scale[0], (py - y) / scale[1]);
      if (far < best) {
        best = far;
        const label = view.label?.data[i];
        const name = label === undefined ? phrase("a point") : view.names[label] ?? className(label);
        const held = view.held_out?.data[i] ? `, ${phrase("held out")}` : "";
        const value = view.value ? `, ${spoken(view.value.data[i]!)}` : "";
        found = phrase("{point} at {x}, {y}", { point: `${name}${value}${held}`, x: spoken(px), y: spoken(py) });
      }
    }
  }
  return found;
}

function className(number: number): string {
  return phrase("class {number}", { number });
}

/** What a field says at a place, with its unit or the name of its class. */
export function fieldWords(view: FieldView, value: number): string {
  if (Number.isNaN(value)) return "";
  if (view.colours === "classes") return view.labels[value] ?? className(value);
  return `${spoken(value)}${view.unit ? ` ${view.unit}` : ""}`;
}
