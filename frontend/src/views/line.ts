/** Curves over one axis: what a run measured, or any function. */

import uPlot from "uplot";
import { head, make, makeWay, onResize, say, takeBack, toggle, widthOf, type Head } from "../draw/dom.ts";
import type { Model, Mount } from "../draw/model.ts";
import { classColour, inStyle, onTheme } from "../draw/palette.ts";
import type { LineView } from "../messages.ts";
import { apart, measured, spoken, ticks } from "../numbers.ts";
import { phrase } from "../words.ts";

type Row = (number | undefined)[];
const HEIGHT = 190; // at least; wider ones are higher
const SHAPE = 0.52; // height of a width
const TALL = 128; // pixels of them for the curves, at least
const MOST = 0.45; // of the width may go to the names beside the curves

/** The view as uPlot takes it; what was not measured is left out and bridged. */
function columns(view: LineView): [number[], ...Row[]] {
  const [curves, count] = view.ys.shape as [number, number];
  const rows: Row[] = [];
  for (let curve = 0; curve < curves; curve++) {
    const row: Row = new Array(count);
    for (let i = 0; i < count; i++) {
      const value = view.ys.data[curve * count + i]!;
      row[i] = Number.isFinite(value) ? value : undefined;
    }
    rows.push(row);
  }
  return [Array.from(view.x.data), ...rows];
}

function colour(i: number, count: number): string {
  return count === 1 ? inStyle("accent") : classColour(i);
}

class Chart {
  private plot: uPlot | null = null;
  private shape = "";
  private log = false;
  private data: [number[], ...Row[]] = [[]];
  private readonly head: Head;
  private readonly stage = make("div", { role: "img" });
  private readonly key = make("div", { class: "key" }); // names for which there is no room beside
  private readonly stops: (() => void)[];

  constructor(
    private readonly model: Model,
    private readonly el: HTMLElement,
  ) {
    this.head = head(el);
    el.append(this.stage, this.key);
    const update = () => this.update();
    model.on("change:view", update);
    const rebuild = () => {
      this.shape = "";
      takeBack(this.head);
      this.update();
    };
    this.stops = [() => model.off("change:view", update), onTheme(rebuild), onResize(el, rebuild)];
    this.update();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.plot?.destroy();
    this.el.replaceChildren();
  }

  private get view(): LineView | undefined {
    return this.model.get("view") as LineView | undefined;
  }

  private update(): void {
    const view = this.view;
    const width = widthOf(this.el);
    if (!view || !width) return;
    say(this.head.title, view.title);
    this.stage.setAttribute("aria-label", `${view.title}: ${view.says}`);
    this.data = columns(view);
    const fixed = [view.x_range !== null, view.y_range !== null].join();
    const shape = `${width} ${view.names.join()} ${view.y_label} ${this.log} ${fixed}`;
    if (shape !== this.shape) this.build(view, width, shape);
    else this.plot!.setData(this.data as uPlot.AlignedData);
    if (!this.plot!.cursor.left || this.plot!.cursor.left < 0) this.tell(this.data[0].length - 1);
  }

  /** uPlot fixes its curves when it is made; its axes ask for their ends whenever data come. */
  private build(view: LineView, width: number, shape: string): void {
    this.shape = shape;
    this.plot?.destroy();
    const isLog = view.y_label.startsWith("log"); // the numbers are logarithms already
    if (!this.head.tools.firstChild && view.y_range === null && !isLog) {
      this.head.tools.append(toggle(phrase("log"), (on) => this.setLog(on)));
    }
    const options = this.options(view, width);
    this.plot = new uPlot(options, this.data as uPlot.AlignedData, this.stage);
  }

  private setLog(on: boolean): void {
    this.log = on;
    this.update();
  }

  private options(view: LineView, width: number): uPlot.Options {
    const sans = inStyle("sans");
    const several = view.names.length > 1 ? view.names : [];
    const wanted = 12 + widest(several, `500 13px ${sans}`);
    const names = wanted < MOST * width ? several : [];
    const room = names.length ? wanted : 12;
    this.key.replaceChildren(...(names.length ? [] : several.map(keyed)));
    const axis: uPlot.Axis = {
      stroke: () => inStyle("quiet"),
      font: `13px ${sans}`,
      ticks: { show: false },
      gap: 4,
    };
    const y: uPlot.Scale = this.log
      ? { distr: 3, range: (_, low, high) => [low * 0.9, high * 1.1] }
      : { range: (_, low, high) => roomy(low, high) };
    return {
      width,
      height: Math.max(HEIGHT, Math.round(Math.min(260, SHAPE * width))),
      padding: [8, room, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, ...(view.x_range ? { range: () => this.view!.x_range! } : {}) },
        y: view.y_range ? { range: () => this.view!.y_range! } : y,
      },
      axes: [
        {
          ...axis,
          size: 22,
          label: view.x_label,
          labelSize: 15,
          labelGap: 0,
          labelFont: `13px ${sans}`,
          grid: { show: false },
          splits: (_, _axis, low, high) => ticks(low, high, width / 90),
          values: (_, places) => places.map((place) => spoken(place)),
        },
        {
          ...axis,
          ...(view.y_label ? upright(view.y_label, sans) : {}),
          size: (_, values) => Math.max(view.y_label ? 34 : 46, 14 + widest(values ?? [], `13px ${sans}`)),
          grid: { stroke: () => inStyle("line"), width: 1 },
          ...(this.log ? {} : { splits: (_, _axis, low, high) => ticks(low, high, 4) }),
          values: (_, places) => labels(places, view.y_label),
        },
      ],
      series: [
        {},
        ...view.names.map((_, i): uPlot.Series => ({
          stroke: () => colour(i, view.names.length),
          width: 1.75,
          points: { show: (plot, at) => view.dots || single(plot.data[at]!) },
        })),
      ],
      hooks: {
        draw: [(plot) => label(plot, this.data, names)],
        setCursor: [(plot) => this.tell(plot.cursor.idx ?? this.data[0].length - 1)],
      },
    };
  }

  /** The values at a place, or at the end when there is no pointer. */
  private tell(i: number): void {
    const view = this.view;
    const x = this.data[0][i];
    if (!view || x === undefined) return;
    const over = this.plot?.cursor.left !== undefined && this.plot.cursor.left >= 0;
    if (!over && view.names.length < 2 && view.x_label !== "step") return say(this.head.readout, ""); // it ends anywhere
    const parts = view.names.map((name, curve) => {
      const row = this.data[curve + 1]!;
      let at = i;
      while (at > 0 && row[at] === undefined) at--;
      const value = row[at];
      return value === undefined ? "" : `${view.names.length > 1 ? `${name} ` : ""}${measured(view.y_label, value, over || view.names.length < 3 ? 3 : 2)}`;
    });
    const where = over ? `${view.x_label || "x"} ${spoken(x)}: ` : "";
    say(this.head.readout, where + parts.filter(Boolean).join(", "));
    if (!over) makeWay(this.head); // nothing moves under a pointer
  }
}

/** Whether there is one value in a row: as a line it would not be seen. */
function single(row: ArrayLike<number | null | undefined>): boolean {
  let count = 0;
  for (let i = 0; i < row.length && count < 2; i++) if (Number.isFinite(row[i])) count++;
  return count === 1;
}

/** The name of the upward axis, in letters so small that it has room along it. */
function upright(label: string, sans: string): Partial<uPlot.Axis> {
  const size = Math.min(12, (12 * TALL) / widest([label], `13px ${sans}`));
  return { label, labelSize: 16, labelGap: 0, labelFont: `${Math.max(9, size)}px ${sans}` };
}

/** How many pixels the longest of these texts takes. */
function widest(texts: string[], font: string): number {
  const c = document.createElement("canvas").getContext("2d")!;
  c.font = font;
  return Math.max(0, ...texts.map((text) => c.measureText(text).width));
}

/** uPlot leaves out some of a logarithmic axis: null. */
function labels(places: (number | null)[], name = ""): string[] {
  const said = apart(places.filter((place) => place !== null), name);
  return places.map((place) => (place === null ? "" : said.shift()!));
}

function roomy(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

/** A name with its colour, as it stands below a chart. */
function keyed(name: string, i: number, all: string[]): HTMLElement {
  const mark = make("span", { class: "key-class" });
  mark.style.background = colour(i, all.length);
  return make("span", {}, mark, name);
}

/** Names at the ends of the curves, pushed apart where they would touch. */
function label(plot: uPlot, data: [number[], ...Row[]], names: string[]): void {
  if (!names.length) return;
  const c = plot.ctx;
  const ratio = devicePixelRatio || 1;
  const ends = names.flatMap((name, i) => {
    const row = data[i + 1] ?? [];
    let at = row.length - 1;
    while (at >= 0 && row[at] === undefined) at--;
    const until = plot.valToPos(data[0][at] ?? 0, "x", true); // a curve that grows is named where it has come to
    return at < 0 ? [] : [{ name, i, x: until, y: plot.valToPos(row[at]!, "y", true) }];
  });
  ends.sort((a, b) => a.y - b.y);
  const apart = 14 * ratio;
  ends.forEach((end, i) => {
    const before = ends[i - 1];
    if (before && end.y - before.y < apart) end.y = before.y + apart;
  });
  const below = (ends.at(-1)?.y ?? 0) - (plot.bbox.top + plot.bbox.height);
  if (below > 0) for (const end of ends) end.y -= below; // all of them stay beside the curves
  c.save();
  c.font = `500 ${13 * ratio}px ${inStyle("sans")}`;
  c.textAlign = "left";
  c.textBaseline = "middle";
  for (const { name, i, x, y } of ends) {
    c.fillStyle = inStyle("ink");
    c.fillText(name, x + 8 * ratio, y);
    c.fillStyle = colour(i, names.length);
    c.beginPath();
    c.arc(x + 3 * ratio, y, 2.5 * ratio, 0, 2 * Math.PI);
    c.fill();
  }
  c.restore();
}

function render({ model, el }: Mount): () => void {
  const chart = new Chart(model, el);
  return () => chart.remove();
}

export default { render };
