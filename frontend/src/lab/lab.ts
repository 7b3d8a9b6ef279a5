/** <fathom-lab>: one experiment that runs, with its knobs. */

import { make, say } from "../draw/dom.ts";
import { decode } from "../frames.ts";
import { nearestValue, write, type Knob } from "../knobs.ts";
import { defaults, fromQuery, toQuery, turned, type State } from "../link.ts";
import type { Command, FrameMessage, ServerMessage, Start, StateMessage } from "../messages.ts";
import { spoken } from "../numbers.ts";
import { Stream } from "../stream.ts";
import { phrase } from "../words.ts";
import { Album } from "./album.ts";
import { markers, type Marker, type Past } from "./bands.ts";
import { Bar, type WayOn } from "./bar.ts";
import { doors, markLine } from "./doors.ts";
import { Drawings } from "./drawing.ts";
import { Figure, type Asked } from "./figure.ts";
import { onKeys } from "./keys.ts";
import { KnobPanel } from "./knobpanel.ts";
import { label } from "./labels.ts";
import { Memory } from "./memory.ts";
import { inSight, makeRoom } from "./room.ts";
import { fitting, inTheWay, verdict, type Promised } from "./promise.ts";
import { Run } from "./run.ts";
import { summary, type Sentence } from "./speak.ts";
import { status } from "./status.ts";
import { TimeLine } from "./timeline.ts";
import { Turner } from "./turner.ts";

interface About {
  name: string;
  title: string;
  pace: number;
  knobs: Record<string, Knob>;
  lines: Record<string, number>;
  promises: Promised[];
}

interface Given {
  experiment: About;
  values: Record<string, string>;
  turns: State["turns"];
  pace: number | null;
}

const SPEAK_EVERY = 5000; // milliseconds between two sentences of the live region
const SOON = 400; // milliseconds that going back may take without a word

export class FathomLab extends HTMLElement {
  private about!: About;
  private stream!: Stream<Command>;
  private figure!: Figure;
  private places: HTMLElement[] = []; // where else in the page pictures of this run are shown
  private linked: Figure[] = []; // and these pictures
  private knobs!: KnobPanel;
  private bar!: Bar;
  private times: TimeLine[] = []; // of the figure, and of its other places
  private nowLine: HTMLElement | null = null;
  private promiseLine: HTMLElement | null = null;
  private memory!: Memory;
  private readonly run = new Run();
  private readonly voice = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
  private state!: State; // as the link has it: the knobs at the start, and turns since
  private values: Record<string, string> = {}; // as the knobs stand now
  private attaching: "page" | "again" | null = null;
  private waiting: Start | null = null; // a start that was asked for without a connection
  private unanswered: Start | null = null; // the first start, sent and not heard of again
  private lost = false;
  private gone = false;
  private remark: Sentence | null = null; // a notice or an error, until something else happens
  private drawings!: Drawings;
  private readonly album = new Album();
  private past: Past | null = null; // what was recorded before the run was taken back
  private seeking: { step: number; since: number } | null = null; // where it is being taken
  private scrubbed: number | null = null; // the step under a dragged playhead
  private scheduled = 0;
  private later = 0; // the charts are drawn again after this time-out
  private fresh = false; // a frame waits to be drawn
  private waits = false; // for a core
  private spoke = 0;
  private readonly turner = new Turner((name) => {
    this.send({ type: "turn", knob: name, value: this.values[name]! });
  });
  private stops: (() => void)[] = [];

  static readonly observedAttributes = ["gate"];

  /** A gate that is taken away: the question before the figure has been answered. */
  attributeChangedCallback(): void {
    if (this.isConnected && !this.hasAttribute("gate")) this.connectedCallback();
  }

  connectedCallback(): void {
    if (this.stream || this.hasAttribute("gate")) return; // moved within the page; or not yet
    if (!this.hasAttribute("inside")) return this.wake();
    const near = new IntersectionObserver(([seen]) => {
      if (!seen!.isIntersecting) return;
      near.disconnect();
      if (!this.stream) this.wake();
    });
    near.observe(this);
    this.stops.push(() => near.disconnect());
  }

  private wake(): void {
    const given = JSON.parse(this.querySelector("script.experiment")!.textContent!) as Given;
    this.about = given.experiment;
    this.state = {
      knobs: { ...defaults(this.about.knobs), ...given.values },
      turns: given.turns,
      pace: given.pace,
    };
    this.values = { ...this.state.knobs };
    this.memory = new Memory(this.id || this.about.name, this.getAttribute("link"), this.id ? this : document);
    this.build();
    this.begin();
    performance.mark("interactive");
    this.dataset["ready"] = "";
  }

  disconnectedCallback(): void {
    this.stream?.close();
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.later);
    for (const stop of this.stops) stop();
  }

  private build(): void {
    const part = (name: string) => this.querySelector<HTMLElement>(`.lab-${name}`)!;
    const shown = [...(this.words("knobs") ?? Object.keys(this.about.knobs))];
    this.figure = new Figure(part("figure"), (view, asked) => this.asked(view, asked), this.words("views"));
    this.times = [this.timeLine(part("time"), this.figure)];
    this.nowLine = this.querySelector(".now-line");
    this.promiseLine = this.querySelector(".promise-line");
    this.places = [...document.querySelectorAll<HTMLElement>(".linked-views")].filter(
      (one) => this.id && one.dataset["run"] === this.id,
    );
    this.linked = this.places.map((one) => {
      const views = new Set(one.dataset["views"]!.split(" "));
      const figure = new Figure(one.querySelector(".lab-figure")!, (view, asked) => this.asked(view, asked), views);
      this.times.push(this.timeLine(one.querySelector<HTMLElement>(".lab-time")!, figure));
      return figure;
    });
    this.knobs = new KnobPanel(this.about.knobs, this.hasAttribute("link") ? {} : this.about.lines, {
      moved: (name, text, settled) => this.moved(name, text, settled),
    });
    this.knobs.fill(part("knobs"), shown, this.values, this.querySelector<HTMLElement>(".sets"));
    part("knobs").addEventListener("submit", (event) => event.preventDefault()); // Enter turns the knob
    this.bar = new Bar(
      part("bar"),
      {
        toggle: () => this.toggle(),
        step: (count) => this.step(count),
        rewind: () => this.seek(0),
        restart: () => this.restart(),
        pace: (steps) => this.pace(steps),
        knobs: () => this.toggleAttribute("knobs-open"),
      },
      this.about.pace,
    );
    if (!this.hasAttribute("link")) {
      doors(this.querySelector<HTMLElement>(".lab-doors")!, () => location.href.split("#")[0]!, (into) => this.explain(into));
    }
    this.drawings = new Drawings(this.about.knobs, (name) => this.values[name]!, (name, text) => {
      this.knobs.show(name, text);
      this.moved(name, text, true);
    });
    this.append(this.voice);
    this.stops.push(onKeys(this, {
      toggle: () => this.toggle(),
      step: () => this.step(1),
      restart: () => this.restart(),
      choose: (label) => this.drawings.choose(label),
    }));
    const back = () => this.returned();
    addEventListener("popstate", back);
    this.stops.push(() => removeEventListener("popstate", back));
  }

  private timeLine(el: HTMLElement, figure: Figure): TimeLine {
    return new TimeLine(el, (name) => figure.shows(name), {
      scrub: (step) => this.scrub(step),
      seek: (step) => this.seek(step),
    });
  }

  /** Go on with the run of before a reload; else start, unless asked not to. */
  private begin(): void {
    const known = this.memory.recall(this.query());
    if (known) {
      this.run.id = known;
      this.attaching = "page";
    } else this.waiting = this.startCommand(this.startsPaused());
    this.stream = new Stream("/ws", {
      opened: () => this.opened(),
      heard: (data) => {
        const message = decode(data as ArrayBuffer) as unknown as ServerMessage;
        this.heard(message, (data as ArrayBuffer).byteLength);
      },
      lost: () => this.onLost(),
    });
    this.redraw();
  }

  /** The words of an attribute, null where it is not there. */
  private words(name: string): Set<string> | null {
    const said = this.getAttribute(name);
    return said === null ? null : new Set(said.split(" ").filter(Boolean));
  }

  /** Inside a lesson a figure waits for its reader. */
  private startsPaused(): boolean {
    if (this.hasAttribute("inside")) return true;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return still || new URLSearchParams(location.search).has("paused");
  }

  private query(): string {
    return toQuery(this.about.knobs, this.state);
  }

  // ---- the connection

  private opened(): void {
    this.lost = false;
    if (this.waiting) {
      this.stream.send(this.waiting);
      this.unanswered = this.waiting;
      this.waiting = null;
    } else if (this.run.id && !this.gone) {
      this.attaching ??= "again";
      this.stream.send({ type: "attach", run: this.run.id });
    }
    this.redraw();
  }

  private onLost(): void {
    this.lost = true;
    this.redraw();
  }

  private heard(message: ServerMessage, bytes: number): void {
    if (this.attaching && (message.type === "error" || message.type === "state")) {
      this.notThere();
      return;
    }
    if (message.type === "frame" && this.seeking && message.step < this.seeking.step) {
      this.stream.send({ type: "ack" }); // on the way: nobody looks
      return;
    }
    this.run.hear(message);
    if (message.type === "run" || message.type === "error") this.unanswered = null;
    switch (message.type) {
      case "run":
        this.began();
        break;
      case "frame":
        this.fresh = true;
        this.album.add(message, bytes);
        break;
      case "turned":
        this.follow(message.knob, message.value);
        this.state = turned(this.about.knobs, this.state, this.run.turns);
        this.memory.keep(this.run.id, this.query());
        break;
      case "set": // before the first step: it begins again with it
        this.follow(message.knob, message.value);
        this.state = { ...this.state, knobs: { ...this.state.knobs, [message.knob]: message.value } };
        this.album.clear();
        this.memory.keep(this.run.id, this.query());
        break;
      case "state":
        this.changed(message);
        break;
      case "notice":
        this.remark = { tone: "plain", text: message.text };
        break;
      case "progress": {
        const share = message.total > 0 ? `: ${Math.floor((100 * message.done) / message.total)} %` : " …";
        this.remark = { tone: "wait", text: `${message.what}${share}` };
        break;
      }
      case "error": {
        const knob = Object.keys(this.about.knobs).find((name) => message.text.startsWith(`${name} `));
        if (!knob || !this.knobs.complain(knob, message.text)) {
          this.remark = { tone: "bad", text: message.text };
        }
      }
    }
    this.redraw();
  }

  /** A knob has this value now, unless a newer one is on its way. */
  private follow(knob: string, value: string): void {
    this.values[knob] = value;
    if (!this.turner.busy(knob)) this.knobs.show(knob, value);
  }

  /** The run that was to be watched again is no more. */
  private notThere(): void {
    const why = this.attaching;
    this.attaching = null;
    this.run.id = null;
    if (why === "page") this.restart({ paused: this.startsPaused(), keep: true });
    else {
      this.gone = true;
      this.redraw();
    }
  }

  private began(): void {
    const again = this.attaching !== null;
    this.attaching = null;
    this.gone = false;
    this.remark = null;
    this.fresh = false;
    this.state = turned(this.about.knobs, this.state, this.run.turns); // some may lie ahead
    this.bar.pace(this.run.pace ?? this.about.pace);
    if (again) {
      for (const [, knob, value] of this.run.turns) this.put(knob, value);
    }
    if (!this.seeking) this.album.clear();
    this.memory.keep(this.run.id, this.query());
  }

  private changed(state: StateMessage): void {
    const there = this.seeking && (state.step >= this.seeking.step && state.state === "paused");
    if (there || (state.state !== "queued" && state.state !== "running" && state.state !== "paused")) this.seeking = null;
    this.toggleAttribute("data-still", Boolean(state.still));
    if (state.state !== "running" || state.step > 0) {
      if (this.remark?.tone === "wait") this.remark = null;
    }
    if (this.dataset["state"] !== state.state) {
      this.dataset["state"] = state.state;
      this.spoke = 0; // a change of state is said at once
    }
    const wanted = !state.paused || !this.run.frame; // the first picture takes a core too
    const waits = state.state === "queued" && wanted && Boolean(state.place);
    if (waits && !this.waits) makeRoom(this);
    this.waits = waits;
  }

  /** Give the core to another figure of this page, if this one runs and is not seen. */
  rest(): boolean {
    if (this.run.state?.state !== "running" || [this, ...this.places].some(inSight)) return false;
    this.send({ type: "pause" });
    this.remark = { tone: "plain", text: phrase("Paused: another figure of this page needed its core.") };
    return true;
  }

  private send(command: Command): void {
    this.remark = null;
    if (!this.stream.send(command)) this.stream.again();
  }

  // ---- what people do

  private toggle(): void {
    this.scrubbed = null;
    const name = this.run.state?.state;
    if (name === "running") this.send({ type: "pause" });
    else if (name === "paused") this.send({ type: "play" });
    else if (name === "queued") this.send({ type: this.run.state!.paused ? "play" : "pause" });
    else if (this.waiting?.paused) this.waiting.paused = false;
    else if (this.unanswered?.paused && this.stream.send({ type: "play" })) this.unanswered = null;
    else this.restart();
  }

  private step(count: number): void {
    if (this.run.state?.state === "running") this.send({ type: "pause" });
    if (this.run.open) this.send({ type: "step", count });
  }

  /** End the run; the page stays as it is. */
  stop(): void {
    this.send({ type: "stop" });
  }

  /** Show what was seen at a step, while the playhead is held. */
  private scrub(step: number): void {
    if (this.run.state?.state === "running") this.send({ type: "pause" });
    this.scrubbed = step;
    const frame = this.album.at(step);
    if (frame) this.look(frame);
    this.redraw();
  }

  /**
   * Bring the run to a step and let it stand there. Forward it takes the steps; back it runs again
   * from its beginning, with its seed and every turn of a knob, so that the frames are the same.
   */
  private seek(step: number): void {
    this.scrubbed = null;
    const { run } = this;
    if (this.seeking?.step === step) return;
    if (run.state?.state === "running") this.send({ type: "pause" });
    if (step === run.step && run.open && !this.seeking) {
      if (run.frame) this.look(run.frame);
      this.redraw();
      return;
    }
    if (step > run.step && run.open && !this.seeking) {
      this.send({ type: "step", count: step - run.step });
      return;
    }
    if (!this.past || this.past.forked !== null || this.past.last < run.step) {
      if (!this.seeking) this.past = { scalars: run.scalars, last: run.step, forked: null };
    }
    this.seeking = { step, since: performance.now() };
    for (const [name, text] of Object.entries(this.state.knobs)) this.put(name, text);
    this.order({ ...this.startCommand(false), until: step });
  }

  /** A turned knob leads to another future than the one that was recorded. */
  private fork(): void {
    const { past, run } = this;
    if (past?.forked === null && past.last > run.step) {
      past.forked = run.step;
      this.state = { ...this.state, turns: this.state.turns.filter(([step]) => step <= run.step) };
    }
    this.album.dropFrom(run.step + 1);
  }

  private pace(steps: number | null): void {
    this.state.pace = steps;
    this.send({ type: "pace", steps: steps ?? this.about.pace });
    this.memory.keep(this.run.id, this.query());
  }

  private startCommand(paused: boolean): Start {
    const { knobs, turns, pace } = this.state;
    return { type: "start", experiment: this.about.name, knobs, turns, pace, paused };
  }

  /** Start with the knobs as they stand; `keep` leaves the turns of the link in place. */
  private restart({ paused = false, keep = false } = {}): void {
    const { run } = this;
    if (!keep) this.state = { ...this.state, knobs: { ...this.values }, turns: [] };
    this.past = run.step > 1 ? { scalars: run.scalars, last: run.step, forked: 0 } : this.past && { ...this.past, forked: 0 };
    this.seeking = this.scrubbed = null;
    if (!keep) this.memory.push(this.query());
    this.order(this.startCommand(paused));
  }

  /** Have the server start a run in place of this one, as soon as it can be reached. */
  private order(command: Start): void {
    this.remark = null;
    this.gone = false;
    this.attaching = null;
    this.run.id = null;
    if (!this.seeking) this.querySelector(".lab-figure")!.classList.add("waiting");
    if (!this.stream.send(command)) {
      this.waiting = command;
      this.stream.again();
    }
    this.redraw();
  }

  private moved(name: string, text: string, settled: boolean): void {
    this.values[name] = text;
    const line = this.about.lines[name];
    if (line) markLine(document.getElementById(`line-${line}`));
    const knob = this.about.knobs[name]!;
    if (!this.run.takes(knob)) {
      if (settled) this.restart();
      return;
    }
    if (!knob.looks) this.fork();
    this.turner.turn(name, settled);
  }

  /** A value that did not come from the knob itself. */
  private put(name: string, text: string): void {
    this.values[name] = text;
    this.knobs.show(name, text);
  }

  /** Back or forward: the page is another state of the same experiment. */
  private returned(): void {
    if (this.hasAttribute("link")) return;
    const { state } = fromQuery(this.about.knobs, location.search);
    if (toQuery(this.about.knobs, state) === this.query()) return; // only the #part changed
    this.state = state;
    this.values = { ...state.knobs };
    for (const [name, text] of Object.entries(this.values)) this.knobs.show(name, text);
    this.restart({ keep: true });
  }

  /** A click in a picture: choose one of several, or add a point; or a handle that is dragged. */
  private asked(view: string, asked: Asked): void {
    if (asked.type === "drag") {
      this.drag(asked);
      return;
    }
    if (asked.type === "turn" && asked.knob) {
      const text = String(asked.value);
      this.knobs.show(asked.knob, text);
      this.moved(asked.knob, text, true);
      return;
    }
    if (this.run.frame) this.drawings.clicked(this.run.frame, view, asked.x!, asked.y!);
  }

  /** Two knobs at once, as a handle has two directions; one run begins again with both. */
  private drag({ knobs = ["", ""], x = 0, y = 0, settled = false }: Asked): void {
    const turns = knobs.flatMap((name, i): [string, string][] => {
      const knob = this.about.knobs[name];
      return knob ? [[name, write(knob, nearestValue(knob, i ? y : x))]] : [];
    });
    for (const [name, text] of turns) this.put(name, text);
    const direct = turns.every(([name]) => this.run.takes(this.about.knobs[name]!));
    if (!direct) {
      if (settled) this.restart();
      return;
    }
    for (const [name, text] of turns) this.moved(name, text, settled);
  }

  // ---- what is seen

  private redraw(): void {
    this.scheduled ||= requestAnimationFrame((now) => {
      this.scheduled = 0;
      this.draw(now);
    });
  }

  private draw(now: number): void {
    const { run } = this;
    if (this.fresh && run.frame) {
      this.fresh = false;
      this.stream.send({ type: "ack" }); // the next frame is made while this one is drawn
      if (this.scrubbed === null) this.look(run.frame);
    }
    const wait = Math.max(0, ...this.times.map((one) => one.show(this.told(), now)));
    clearTimeout(this.later);
    if (wait) this.later = window.setTimeout(() => this.redraw(), wait);
    const state = this.gone ? null : run.state;
    this.bar.show({ state, step: this.at, of: run.of, turned: this.state.turns.length > 0 }, now);
    const { sentence, ways } = this.status();
    this.bar.tell(sentence, ways);
    this.toggleAttribute("data-lost", this.lost);
    this.speak(now, sentence.text);
    this.write();
  }

  private look(frame: FrameMessage): void {
    for (const figure of [this.figure, ...this.linked]) figure.show(frame, this.values);
    this.drawings.offer(frame, (name) => this.figure.panel(name));
    this.dataset["step"] = String(frame.step);
  }

  /** The step that is shown: where the run stands, where it is taken, or under the playhead. */
  private get at(): number {
    return this.scrubbed ?? this.seeking?.step ?? this.run.step;
  }

  private told(): Parameters<TimeLine["show"]>[0] {
    const { run, past } = this;
    const ahead = past?.forked === null ? past.last : 0;
    return {
      scalars: run.scalars,
      step: this.at,
      of: run.of,
      past,
      bounds: this.promised()?.bounds ?? [],
      last: Math.max(run.step, ahead),
      markers: this.markers(),
      says: this.summary(),
    };
  }

  private markers(): Marker[] {
    const { knobs } = this.about;
    const turns = this.state.turns.filter(([, name]) => !knobs[name]?.looks);
    return markers(this.state.knobs, turns, this.run.of).map((one) => ({ ...one, knob: label(one.knob) }));
  }

  private promised(): Promised | null {
    return fitting(this.about.promises, this.about.knobs, this.values, this.state.turns.map(([, name]) => name));
  }

  private summary(): string {
    const { of, scalars } = this.run;
    const bounds = this.promised()?.bounds ?? this.about.promises[0]?.bounds ?? []; // what it is about
    return scalars.all.size ? summary(this.at, of, scalars, bounds) : "";
  }

  /** What the figure shows now, and what became of the promise, for everybody to read. */
  private write(): void {
    if (this.nowLine) {
      const told = this.run.scalars.all.size ? this.summary() : "";
      say(this.nowLine, told && `${told[0]!.toUpperCase()}${told.slice(1)}.`);
    }
    if (!this.promiseLine || !this.about.promises.length) return;
    const turnedKnobs = this.state.turns.map(([, name]) => name);
    const changed = inTheWay(this.about.promises, this.about.knobs, this.values, turnedKnobs);
    const made = verdict(this.promised(), changed, this.run.state, this.run.scalars);
    const now = JSON.stringify(made);
    if (!made || this.promiseLine.dataset["now"] === now) return;
    this.promiseLine.dataset["now"] = now;
    this.promiseLine.replaceChildren(
      make("b", {}, phrase("Promise")), made.promise ? ` ${made.promise}. ` : " ", make("span", { class: made.tone }, made.said),
    );
  }

  private status(): { sentence: Sentence; ways: WayOn[] } {
    const { state, scalars } = this.run;
    if (this.seeking && performance.now() - this.seeking.since > SOON && !this.lost) {
      const step = spoken(this.seeking.step);
      return { sentence: { tone: "wait", text: phrase("Going to step {step}: it runs again from the beginning.", { step }) }, ways: [] };
    }
    const last = (metric: string): number => scalars.all.get(metric)?.last ?? NaN;
    return status({ lost: this.lost, gone: this.gone, remark: this.remark, state, last }, {
      restart: () => this.restart(),
      retry: () => this.stream.again(),
      cancel: () => this.send({ type: "stop" }),
      use: (knobs) => {
        for (const [name, text] of Object.entries(knobs)) this.put(name, text);
        this.restart();
      },
    });
  }

  /** In words, for those who do not see it; seldom enough to be listened to. */
  private speak(now: number, status: string): void {
    if (this.spoke && now - this.spoke < SPEAK_EVERY) return;
    if (!this.run.state && !status) return;
    this.spoke = now;
    this.voice.textContent = [status, this.summary()].filter(Boolean).join(" ");
  }

  private explain(into: HTMLElement): void {
    const rows = this.figure.sentences().flatMap(([name, says]) => [
      make("dt", {}, name.replaceAll("_", " ")),
      make("dd", {}, says),
    ]);
    const { frame } = this.run;
    const at = frame ? phrase("At step {step}:", { step: spoken(frame.step) }) : phrase("Nothing has run yet.");
    into.replaceChildren(make("p", {}, at), make("dl", {}, ...rows));
  }
}
