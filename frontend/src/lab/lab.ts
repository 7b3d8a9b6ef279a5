/** <fathom-lab>: one experiment that runs, with its knobs. */

import { defaults, fromQuery, toQuery, turned, type State } from "../link.ts";
import type { Command, FrameMessage, ServerMessage, Start, StateMessage } from "../messages.ts";
import { duration, spoken } from "../numbers.ts";
import { phrase } from "../words.ts";
import type { About, Given } from "./about.ts";
import { Bar, type WayOn } from "./bar.ts";
import { Contact } from "./contact.ts";
import { doors } from "./doors.ts";
import { Drawings } from "./drawing.ts";
import { Figure, type Asked } from "./figure.ts";
import { onKeys } from "./keys.ts";
import { KnobPanel } from "./knobpanel.ts";
import { Memory } from "./memory.ts";
import { Reading } from "./reading.ts";
import { give } from "./given.ts";
import { inSight, makeRoom } from "./room.ts";
import { Run } from "./run.ts";
import type { Sentence } from "./speak.ts";
import { situation } from "./states.ts";
import { status } from "./status.ts";
import { TimeLine } from "./timeline.ts";
import { Travel } from "./travel.ts";
import { Turning } from "./turning.ts";

const SOON = 400; // milliseconds that going back may take without a word

export class FathomLab extends HTMLElement {
  about!: About;
  private contact!: Contact;
  private figure!: Figure;
  private places: HTMLElement[] = []; // where else in the page pictures of this run are shown
  private linked: Figure[] = []; // and these pictures
  private knobs!: KnobPanel;
  private bar!: Bar;
  private times: TimeLine[] = []; // of the figure, and of its other places
  private reading!: Reading;
  private memory!: Memory;
  readonly run = new Run();
  readonly shown = (name: string): boolean => this.figure.shows(name);
  readonly travel = new Travel(this.run);
  state!: State; // as the link has it: the knobs at the start, and turns since
  private turning!: Turning; // the knobs as they stand now
  private remark: Sentence | null = null; // a notice or an error, until something else happens
  private drawings!: Drawings;
  private scheduled = 0;
  private later = 0; // the charts are drawn again after this time-out
  private fresh = false; // a frame waits to be drawn
  private waits = false; // for a core
  private stops: (() => void)[] = [];

  static readonly observedAttributes = ["gate"];

  /** A gate that is taken away: the question before the figure has been answered. */
  attributeChangedCallback(): void {
    if (this.isConnected && !this.hasAttribute("gate")) this.connectedCallback();
  }

  connectedCallback(): void {
    const peek = this.hasAttribute("peek"); // its first picture is drawn on before it may run
    if (this.contact || (this.hasAttribute("gate") && !peek)) return give(this, this.figure, this.times);
    if (peek || !this.hasAttribute("inside")) return this.wake();
    const near = new IntersectionObserver(([seen]) => {
      if (!seen!.isIntersecting) return;
      near.disconnect();
      if (!this.contact) this.wake();
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
    this.memory = new Memory(this.id || this.about.name, this.getAttribute("link"), this.id ? this : document);
    this.build();
    give(this, this.figure, this.times);
    this.begin();
    performance.mark("interactive");
    this.dataset["ready"] = "";
  }

  disconnectedCallback(): void {
    this.contact?.close();
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.later);
    for (const stop of this.stops) stop();
  }

  private build(): void {
    const part = (name: string) => this.querySelector<HTMLElement>(`.lab-${name}`)!;
    const shown = [...(this.words("knobs") ?? Object.keys(this.about.knobs))];
    this.figure = new Figure(part("figure"), (view, asked) => this.asked(view, asked), this.words("views"));
    this.times = [this.timeLine(part("time"), this.figure)];
    this.reading = new Reading(this, () => this);
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
      moved: (name, text, settled) => this.turning.moved(name, text, settled),
    });
    this.turning = new Turning(this.about, this.run, this.knobs, { ...this.state.knobs }, {
      turn: (knob, value) => this.send({ type: "turn", knob, value }),
      restart: () => this.restart(),
      fork: () => this.fork(),
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
      doors(this.querySelector<HTMLElement>(".lab-doors")!, () => location.href.split("#")[0]!, (into) => this.reading.explain(into, this.figure.sentences()));
    }
    this.drawings = new Drawings(this.about.knobs, (name) => this.values[name]!, (name, text) => this.turning.turn(name, text));
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
    this.run.id = this.memory.recall(this.query());
    this.contact = new Contact(this.run, this.run.id ? null : this.startCommand(this.startsPaused()), {
      heard: (message, bytes) => this.heard(message, bytes),
      missing: (again) => {
        if (again) this.redraw();
        else this.restart({ paused: this.startsPaused(), keep: true });
      },
      changed: () => this.redraw(),
    }, this.getAttribute("recording"));
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

  /** The knobs as they stand now. */
  get values(): Record<string, string> {
    return this.turning.values;
  }

  private query(): string {
    return toQuery(this.about.knobs, this.state);
  }

  // ---- what the run says

  private heard(message: ServerMessage, bytes: number): void {
    if (this.travel.passes(message)) {
      this.contact.drawn(); // on the way: nobody looks
      return;
    }
    this.run.hear(message);
    switch (message.type) {
      case "run":
        this.began();
        break;
      case "frame":
        this.fresh = true;
        this.travel.keep(message, bytes);
        break;
      case "turned":
        this.turning.follow(message.knob, message.value);
        this.state = turned(this.about.knobs, this.state, this.run.turns);
        this.memory.keep(this.run.id, this.query());
        break;
      case "set": // before the first step: it begins again with it
        this.turning.follow(message.knob, message.value);
        this.state = { ...this.state, knobs: { ...this.state.knobs, [message.knob]: message.value } };
        this.travel.clear();
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

  private began(): void {
    const again = this.contact.began();
    this.remark = null;
    this.fresh = false;
    this.state = turned(this.about.knobs, this.state, this.run.turns); // some may lie ahead
    this.bar.pace(this.run.pace ?? this.about.pace);
    if (again) {
      for (const [, knob, value] of this.run.turns) this.turning.put({ [knob]: value });
    }
    this.travel.clear();
    this.memory.keep(this.run.id, this.query());
  }

  private changed(state: StateMessage): void {
    this.travel.arrive(state);
    this.toggleAttribute("data-still", Boolean(state.still));
    if (state.state !== "running" || state.step > 0) {
      if (this.remark?.tone === "wait") this.remark = null;
    }
    if (this.dataset["state"] !== state.state) {
      this.dataset["state"] = state.state;
      this.reading.interrupt(); // a change of state is said at once
    }
    const wanted = !state.paused || !this.run.frame; // the first picture takes a core too
    const waits = state.state === "queued" && wanted && Boolean(state.place);
    if (waits && !this.waits) makeRoom(this);
    this.waits = waits;
  }

  /** Give the core to another figure of this page, if this one runs and is not seen. */
  rest(): boolean {
    if (this.hasAttribute("recording") || this.run.state?.state !== "running" || [this, ...this.places].some(inSight)) return false;
    this.send({ type: "pause" });
    this.remark = { tone: "plain", text: phrase("Paused: another figure of this page needed its core.") };
    return true;
  }

  private send(command: Command): void {
    this.remark = null;
    this.contact.send(command);
  }

  // ---- what people do

  private toggle(): void {
    this.travel.scrubbed = null;
    const name = this.run.state?.state;
    if (name === "running") this.send({ type: "pause" });
    else if (name === "paused") this.send({ type: "play" });
    else if (name === "queued") this.send({ type: this.run.state!.paused ? "play" : "pause" });
    else if (!this.contact.playsWhatWaits()) this.restart();
  }

  private step(count: number): void {
    this.pause();
    if (this.run.open) this.send({ type: "step", count });
  }

  /** End the run; the page stays as it is. */
  stop(): void {
    this.send({ type: "stop" });
  }

  private pause(): void {
    if (this.run.state?.state === "running") this.send({ type: "pause" });
  }

  /** Show what was seen at a step, while the playhead is held. */
  private scrub(step: number): void {
    this.pause();
    const frame = this.travel.scrub(step);
    if (frame) this.look(frame);
    this.redraw();
  }

  /**
   * Bring the run to a step and let it stand there. Forward it takes the steps; back it runs again
   * from its beginning, with its seed and every turn of a knob, so that the frames are the same.
   */
  private seek(step: number): void {
    const way = this.travel.way(step);
    if (!way) return;
    this.pause();
    if (way.kind === "on") this.send({ type: "step", count: way.steps });
    else if (way.kind === "here") {
      if (this.run.frame) this.look(this.run.frame);
      this.redraw();
    } else {
      this.turning.put(this.state.knobs);
      this.order({ ...this.startCommand(false), until: step, threads: this.run.threads });
    }
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
    if (!keep) this.state = { ...this.state, knobs: { ...this.values }, turns: [] };
    this.travel.leave();
    if (!keep) this.memory.push(this.query());
    this.order(this.startCommand(paused));
  }

  /** Another run in place of this one. */
  private order(command: Start): void {
    this.remark = null;
    if (!this.travel.onTheWay) this.querySelector(".lab-figure")!.classList.add("waiting");
    this.contact.order(command);
    this.redraw();
  }

  /** A knob was turned where another future had been recorded: what was ahead is no more. */
  private fork(): void {
    if (!this.travel.fork()) return;
    const { step } = this.run;
    this.state = { ...this.state, turns: this.state.turns.filter(([at]) => at <= step) };
  }

  /** Back or forward: the page is another state of the same experiment. */
  private returned(): void {
    if (this.hasAttribute("link")) return;
    const { state } = fromQuery(this.about.knobs, location.search);
    if (toQuery(this.about.knobs, state) === this.query()) return; // only the #part changed
    this.state = state;
    this.turning.put(state.knobs);
    this.restart({ keep: true });
  }

  /** A click in a picture: choose one of several, or add a point; or a handle that is dragged. */
  private asked(view: string, asked: Asked): void {
    if (asked.type === "drag") this.turning.drag(asked);
    else if (asked.type === "turn" && asked.knob) this.turning.turn(asked.knob, String(asked.value));
    else if (this.run.frame) this.drawings.clicked(this.run.frame, view, asked.x!, asked.y!);
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
      this.contact.drawn(); // the next frame is made while this one is drawn
      if (this.travel.scrubbed === null) this.look(run.frame);
    }
    const wait = Math.max(0, ...this.times.map((one) => one.show(this.reading.told(), now)));
    clearTimeout(this.later);
    this.later = 0;
    if (wait) this.later = window.setTimeout(() => this.redraw(), wait);
    const state = this.contact.gone ? null : run.state;
    this.bar.show({ state, step: this.travel.at, of: run.of, turned: this.state.turns.length > 0 }, now);
    const { sentence, ways } = this.status();
    this.bar.tell(sentence, ways);
    this.toggleAttribute("data-lost", this.contact.lost);
    this.tellSituation();
    this.reading.speak(now, sentence.text);
    this.reading.write();
  }

  /** What is seen in place of a picture, or beside one that may be old. */
  private tellSituation(): void {
    const { lostAt } = this.contact;
    const time = lostAt === null ? "" : duration((performance.now() - lostAt) / 1000);
    for (const figure of [this.figure, ...this.linked]) {
      figure.situation(situation(this.run.state));
      figure.old(time && phrase("step {step}, seen {time} ago", { step: spoken(this.run.step), time }));
    }
    if (time && !this.later) this.later = window.setTimeout(() => this.redraw(), 1000);
  }

  private look(frame: FrameMessage): void {
    for (const figure of [this.figure, ...this.linked]) figure.show(frame, this.values);
    this.drawings.offer(frame, (name) => this.figure.panel(name));
    this.dataset["step"] = String(frame.step);
  }

  private status(): { sentence: Sentence; ways: WayOn[] } {
    const { state, scalars } = this.run;
    const target = this.travel.longer(SOON);
    if (target !== null && !this.contact.lost) {
      const text = phrase("Going to step {step}: it runs again from the beginning.", { step: spoken(target) });
      return { sentence: { tone: "wait", text }, ways: [] };
    }
    const last = (metric: string): number => scalars.all.get(metric)?.last ?? NaN;
    const { lost, gone } = this.contact;
    return status({ lost, gone, remark: this.remark, state, last, inLesson: this.hasAttribute("link") }, {
      retry: () => this.contact.retry(),
      cancel: () => this.send({ type: "stop" }),
      use: (knobs) => {
        this.turning.put(knobs);
        this.restart();
      },
    });
  }
}
