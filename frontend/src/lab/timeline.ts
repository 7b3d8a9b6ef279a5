/** The time line of a run: its numbers over the steps, dragged to go back and forth. */

import { make, onResize, widthOf } from "../draw/dom.ts";
import { onTheme } from "../draw/palette.ts";
import { apart, measured, spoken, ticks } from "../numbers.ts";
import { thin, type Series } from "../series.ts";
import { phrase } from "../words.ts";
import type { Sketch } from "../sketch/path.ts";
import { bands, type Band, type Curve, type Marker, type Track } from "./bands.ts";

export interface TimeListener {
  /** The pointer is being dragged over this step. */
  scrub(step: number): void;
  /** It was let go there, or a key went there. */
  seek(step: number): void;
}

export interface Told extends Track {
  last: number; // the furthest step that is known
  markers: Marker[];
  says: string;
}

const BUCKETS = 240; // parts of a curve, each with its least and greatest value
const LEFT = 44;
const FOOT = 24; // for the steps below
const HEAD = 24; // for the name of a band above it
const VALUES = 110; // for the values at the playhead
const WIDE = 7; // a letter, about
const CLEAR = 10; // between a value and the line of a promise
const LINE = 16; // between two labels at the ends of curves
const HIGH = [0, 120, 94, 80]; // of a band, by how many there are
const SHALLOW = 76; // of a band on a phone, or of one among many

export class TimeLine {
  private readonly strip = make("div", { class: "strip" });
  private readonly svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly scrubber = make("input", {
    type: "range", class: "scrub", min: 0, step: 1, "aria-label": phrase("time line: step"),
  });
  private readonly switches = make("div");
  private readonly logs = new Set<string>();
  private told: Told | null = null;
  private sketch: Sketch | null = null; // of one of its curves, drawn before the run
  private shown: Band[] = [];
  private hover: number | null = null;
  private dragging = false;
  private x0 = LEFT;
  private x1 = LEFT + 1;
  private due = 0; // when it may be drawn again

  constructor(
    el: HTMLElement,
    private readonly shows: (name: string) => boolean,
    private readonly listener: TimeListener,
  ) {
    this.svg.setAttribute("aria-hidden", "true");
    this.strip.append(this.svg, this.scrubber, this.switches);
    el.replaceChildren(this.strip);
    this.scrubber.addEventListener("change", () => this.listener.seek(Number(this.scrubber.value)));
    this.strip.addEventListener("pointerdown", (event) => this.press(event));
    this.strip.addEventListener("pointermove", (event) => this.move(event));
    this.strip.addEventListener("pointerup", (event) => this.release(event));
    this.strip.addEventListener("pointercancel", () => (this.dragging = false));
    this.strip.addEventListener("pointerleave", () => this.point(null));
    onResize(this.strip, () => this.paint());
    onTheme(() => this.paint());
  }

  /** The charts that begin on a logarithmic scale, and what the learner expects to see in one. */
  give(logs: string[], sketch: Sketch | null): void {
    for (const one of logs) this.logs.add(one);
    this.sketch = sketch;
    this.paint();
  }

  /** Whether somebody holds the playhead. */
  get held(): boolean {
    return this.dragging;
  }

  /** Draw, unless that was done a moment ago: returns the milliseconds to wait then, else 0. */
  show(told: Told, now: number): number {
    this.told = told;
    if (now < this.due && !this.dragging) return this.due - now;
    const start = performance.now();
    this.paint();
    this.due = now + Math.min(400, Math.max(30, 6 * (performance.now() - start)));
    return 0;
  }

  // ---- going back and forth

  private press(event: PointerEvent): void {
    if (!this.told || event.button || (event.target as Element).closest("button")) return;
    this.dragging = true;
    this.strip.setPointerCapture(event.pointerId);
    this.scrubber.focus({ focusVisible: false } as FocusOptions);
    event.preventDefault();
    this.listener.scrub(this.stepAt(event));
  }

  private move(event: PointerEvent): void {
    if (this.dragging) this.listener.scrub(this.stepAt(event));
    else this.point(this.stepAt(event));
  }

  private release(event: PointerEvent): void {
    if (!this.dragging) return;
    this.dragging = false;
    this.listener.seek(this.stepAt(event));
  }

  private point(step: number | null): void {
    if (step === this.hover) return;
    this.hover = step;
    this.paint();
  }

  private stepAt(event: PointerEvent): number {
    const share = (event.clientX - this.strip.getBoundingClientRect().left - this.x0) / (this.x1 - this.x0);
    const step = Math.round(share * this.whole);
    return Math.max(0, Math.min(this.told?.last ?? 0, step));
  }

  private get whole(): number {
    return Math.max(1, this.told?.of ?? 0, this.told?.last ?? 0);
  }

  private x(step: number): number {
    return this.x0 + (step / this.whole) * (this.x1 - this.x0);
  }

  // ---- painting

  private paint(): void {
    const { told } = this;
    const width = widthOf(this.strip);
    if (!told || !width) return;
    const small = width < 520;
    this.shown = bands(told, this.shows, this.logs, this.sketch);
    const labels = this.shown.flatMap((band) => band.ticks.map(([, label]) => label.length));
    this.x0 = Math.max(LEFT, 14 + 6.6 * Math.max(0, ...labels));
    const named = this.shown.some((band) => band.curves.length > 1);
    this.x1 = Math.max(this.x0 + 40, width - (named ? 120 : 56));
    const many = this.shown.length;
    const high = small ? SHALLOW : (HIGH[many] ?? SHALLOW);
    const height = many * high + FOOT + (many ? 0 : 6);
    this.svg.setAttribute("height", String(height));
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const base = height - FOOT;
    const below: string[] = [this.steps(base, small)];
    const above: string[] = [];
    const top = many ? HEAD - 8 : 0;
    this.shown.forEach((band, i) => this.band(band, i * high + HEAD, (i + 1) * high, small, below, above));
    below.push(this.axis(base));
    this.marks(top, base, below, above);
    this.playhead(top, base, below);
    above.push(this.underPointer(top, base));
    this.svg.innerHTML = below.join("") + above.join("");
    this.offerLogs(high);
    this.scrubber.max = String(told.last);
    if (!this.dragging) this.scrubber.value = String(told.step);
    this.scrubber.setAttribute("aria-valuetext", told.says || phrase("step {step}", { step: spoken(told.step) }));
  }

  /** Numbers below the axis. */
  private steps(base: number, small: boolean): string {
    const known = this.told!.of || this.told!.last; // until a run has begun nobody knows how long it is
    const all = known ? ticks(0, this.whole, small ? 3 : 6).filter(Number.isInteger) : [0];
    const said = apart(all);
    return all
      .map((step, i) => {
        const x = this.x(step);
        const words = step ? said[i]! : phrase("step {step}", { step: 0 });
        return `${stroke("tick", x, base, x, base + 4)}${text(x, base + 18, words, "", "middle")}`;
      })
      .join("");
  }

  private band(band: Band, top: number, bottom: number, small: boolean, below: string[], above: string[]): void {
    const { step, past } = this.told!;
    const y = (value: number): number => {
      const at = band.log ? Math.log10(Math.max(value, 1e-300)) : value;
      const share = Math.max(-0.02, Math.min(1.03, (at - band.low) / (band.high - band.low)));
      return bottom - 6 - share * (bottom - 6 - top);
    };
    const place = (tick: number) => y(band.log ? 10 ** tick : tick);
    let written = Infinity;
    for (const [tick, label] of band.ticks) {
      below.push(stroke("axis", this.x0, place(tick), this.x1, place(tick)));
      if (written - place(tick) < LINE) continue; // of many bands each is low
      written = place(tick);
      below.push(text(this.x0 - 8, written + 4, label, "", "end"));
    }
    above.push(text(2, top - 9, band.title, "halo"));
    for (const goal of band.goals) {
      const at = y(goal.value);
      below.push(`<path d="M${this.x0} ${at}H${this.x1}" stroke="var(--accent)" stroke-width="1.5" stroke-dasharray="5 4"/>`);
      const said = phrase("promised: {value}", { value: measured(goal.metric, goal.value) });
      const high = at - top < 22 || bottom - at < 22 ? -6 : 16; // neither in the band below nor in the steps
      if (this.x(step) + VALUES < this.x1 - 7 * said.length) above.push(text(this.x1, at + high, said, "halo-acc", "end"));
      else { // the values stand at the right end
        const beside = Math.abs(at + high - (top - 9)) < LINE ? 2 + WIDE * band.title.length + 10 : 0; // of the title
        above.push(text(Math.max(this.x0 + 4, beside), at + high, said, "halo-acc"));
      }
    }
    if (band.sketch) this.expected(band.sketch, band.curves[0]!.series, step, y, below, above);
    const ends: { at: number; curve: Curve; value: number }[] = [];
    for (const curve of band.curves) {
      if (curve.past && past) below.push(this.former(curve, past.forked, y));
      if (!curve.series?.length) continue;
      const path = this.path(curve.series, 0, step, y);
      const wide = curve.tone === "second" ? 1.5 : 2.4;
      below.push(`<path d="${path}" fill="none" stroke="${colour(curve.tone)}" stroke-width="${wide}" stroke-linejoin="round"/>`);
      const value = curve.series.at(step);
      if (Number.isFinite(value)) ends.push({ at: y(value), curve, value });
    }
    if (past?.forked !== null && past) above.push(this.before(band, past.forked, y));
    for (const end of ends) {
      const line = band.goals.map((goal) => y(goal.value)).find((at) => Math.abs(at - end.at) < CLEAR);
      if (line !== undefined) end.at = line + (end.at > line ? CLEAR : -CLEAR); // a dash before a number is a minus
    }
    spread(ends, bottom - 6);
    const x = Math.min(this.x(step), this.x1) + 10;
    for (const { at, curve, value } of ends) {
      const name = small && ends.length < 2 ? "" : ` ${curve.label}`;
      const ink = colour(curve.tone);
      const said = `${tspan(measured(band.chart, value), ink, "value")}${tspan(name, ink)}`;
      above.push(`<text x="${x}" y="${at + 4}" class="halo">${said}</text>`);
    }
  }

  /** What the learner drew, and between it and what came out the gap. */
  private expected(
    sketch: Sketch, series: Series | undefined, step: number, y: (value: number) => number, below: string[], above: string[],
  ): void {
    const places = sketch.points.filter(([at]) => at <= this.whole);
    if (!places.length) return;
    const line = places.map(([at, value]) => `${this.x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
    const came = series?.length ? this.path(series, places[0]![0], step, y) : "";
    const until = places.filter(([at]) => at <= step).reverse();
    if (came && until.length > 1) {
      const back = until.map(([at, value]) => `L${this.x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
      below.push(`<path d="${came}${back}Z" fill="var(--signal)" opacity=".14"/>`);
    }
    below.push(`<path d="M${line}" fill="none" stroke="var(--signal)" stroke-width="2" stroke-dasharray="6 4"/>`);
    const [at, value] = places[Math.floor(places.length / 3)]!;
    above.push(text(this.x(at), y(value) - 8, phrase("your sketch"), "halo-sig"));
  }

  /** What was recorded: pale where it is still to come again, dots where the run has left it. */
  private former(curve: Curve, forked: number | null, y: (value: number) => number): string {
    const from = forked ?? this.told!.step;
    const path = this.path(curve.past!, from, Infinity, y);
    return forked === null
      ? `<path d="${path}" fill="none" stroke="${colour(curve.tone)}" stroke-width="2" opacity=".3"/>`
      : `<path d="${path}" fill="none" stroke="var(--quiet)" stroke-width="1.6" stroke-dasharray="1 4" stroke-linecap="round"/>`;
  }

  private before(band: Band, forked: number, y: (value: number) => number): string {
    const { past } = this.told!;
    const series = band.curves[0]!.past;
    if (!series?.length || !past) return "";
    const step = forked + 0.6 * (Math.min(past.last, this.whole) - forked);
    return text(this.x(step), y(series.at(step)) - 8, phrase("before"), "halo");
  }

  private path(series: Series, from: number, to: number, y: (value: number) => number): string {
    const { x, y: values } = thin(series, BUCKETS);
    const parts: string[] = [];
    let joined = false;
    for (let i = 0; i < x.length; i++) {
      if (x[i]! > to || x[i]! > this.whole) break;
      if (x[i]! < from) continue;
      parts.push(`${joined ? "L" : "M"}${this.x(x[i]!).toFixed(1)} ${y(values[i]!).toFixed(1)}`);
      joined = true;
    }
    if (to !== Infinity && joined) { // thinned values end a little before the playhead
      const value = series.at(to);
      if (Number.isFinite(value)) parts.push(`L${this.x(Math.min(to, series.steps[series.length - 1]!)).toFixed(1)} ${y(value).toFixed(1)}`);
    }
    return parts.length === 1 ? `${parts[0]!}h.1` : parts.join("");
  }

  /** Solid where it was recorded, dots where it is to come. */
  private axis(base: number): string {
    const { last } = this.told!;
    return `<path d="M${this.x0} ${base}H${this.x(last)}" stroke="var(--ink)" stroke-width="2"/>` +
      `<path d="M${this.x(last)} ${base}H${this.x1}" stroke="var(--edge)" stroke-dasharray="2 4"/>`;
  }

  private marks(top: number, base: number, below: string[], above: string[]): void {
    const all = this.told!.markers;
    let before = -Infinity;
    let lower = false;
    all.forEach((one, i) => {
      const x = this.x(one.step);
      below.push(`<path d="M${x} ${top}V${base}" stroke="var(--signal)" stroke-dasharray="3 3"/><path d="M${x} ${base - 6}l4.5 6-4.5 6-4.5-6z" fill="var(--signal)"/>`);
      if (all.length - i > 4) return; // the latest are told, the rest only marked
      lower = x < this.x0 + 90 || (x - before < 150 && !lower);
      const last = x > this.x1 - 150;
      above.push(text(x + (last ? -6 : 6), top + (lower ? 20 : 6), markWords(one), "halo-sig", last ? "end" : "start"));
      before = x;
    });
  }

  private playhead(top: number, base: number, below: string[]): void {
    const x = this.x(this.told!.step);
    below.push(`<path d="M${x} ${top}V${base}" stroke="var(--ink)"/><path d="M${x - 5} ${base - 5}h10v7l-5 5-5-5z" fill="var(--ink)" stroke="var(--paper)" stroke-width="1.5"/>`);
  }

  /** The numbers at the step under the pointer. */
  private underPointer(top: number, base: number): string {
    const { hover } = this;
    const told = this.told!;
    if (hover === null || this.dragging || Math.abs(hover - told.step) < this.whole / 90) return "";
    const values = this.shown.map(({ chart, curves }) =>
      curves
        .map(({ series, past }) => {
          const value = hover <= told.step || !past ? series?.at(hover) : past.at(hover);
          return value === undefined || Number.isNaN(value) ? "" : measured(chart, value);
        })
        .filter(Boolean)
        .join(", "),
    );
    const x = this.x(hover);
    const right = x < (this.x0 + this.x1) * 0.6;
    const words = `${phrase("step {step}", { step: spoken(hover) })}: ${values.filter(Boolean).join("; ")}`;
    return `<path d="M${x} ${top}V${base}" stroke="var(--edge)" stroke-dasharray="2 3"/>` +
      text(x + (right ? 7 : -7), base - 8, words, "pointed", right ? "start" : "end");
  }

  /** A switch at each band that can be seen on a logarithmic scale. */
  private offerLogs(high: number): void {
    const wanted = this.shown.map((band, i) => (band.canLog ? `${i} ${band.chart} ${band.log}` : "")).join();
    if (this.switches.dataset["now"] === wanted) return;
    this.switches.dataset["now"] = wanted;
    const made = this.shown.flatMap((band, i) => {
      if (!band.canLog) return [];
      const button = make("button", {
        type: "button", class: "log", "aria-pressed": String(band.log),
        "aria-label": phrase("log scale of {chart}", { chart: band.title }),
        onclick: () => {
          if (!this.logs.delete(band.chart)) this.logs.add(band.chart);
          this.paint();
        },
      }, phrase("log"));
      button.style.top = `${i * high}px`;
      return [button];
    });
    this.switches.replaceChildren(...made);
  }
}

function markWords({ knob, from, to }: Marker): string {
  return from.length > 12 || to.length > 12 ? knob : phrase("{knob} {from} to {to}", { knob, from: from || "…", to });
}

function colour(tone: Curve["tone"]): string {
  if (tone === "main") return "var(--accent)";
  return tone === "second" ? "var(--quiet)" : `var(--c${(tone % 4) + 1})`;
}

/** Labels that would touch are pushed apart, and none leaves its band. */
function spread(ends: { at: number }[], bottom: number): void {
  ends.sort((a, b) => a.at - b.at);
  for (let i = 1; i < ends.length; i++) ends[i]!.at = Math.max(ends[i]!.at, ends[i - 1]!.at + LINE);
  for (let i = ends.length - 1; i >= 0; i--) ends[i]!.at = Math.min(ends[i]!.at, bottom - (ends.length - 1 - i) * LINE);
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function text(x: number, y: number, words: string, look = "", anchor = "start"): string {
  return `<text x="${x}" y="${y}" class="${look}" text-anchor="${anchor}">${escape(words)}</text>`;
}

function tspan(words: string, ink: string, look = ""): string {
  return `<tspan${look && ` class="${look}"`} fill="${ink}">${escape(words)}</tspan>`;
}

function stroke(look: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${look}"/>`;
}
