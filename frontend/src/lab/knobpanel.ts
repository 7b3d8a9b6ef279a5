/** The knobs of a figure: each can be slid, typed into, and put back. */

import { make, say } from "../draw/dom.ts";
import { atSlot, KnobError, range, read, slots, toSlot, write, type Knob } from "../knobs.ts";
import { defaults, type Known } from "../link.ts";
import { decimal, plain } from "../numbers.ts";
import { phrase } from "../words.ts";
import { thumbnail } from "./icons.ts";

export interface KnobListener {
  /** A knob has a new value; `settled` is false while a slider is still being moved. */
  moved(name: string, text: string, settled: boolean): void;
}

interface Row {
  root: HTMLElement;
  show(text: string): void;
  bad: HTMLElement;
}

let count = 0; // ids are unique though a page may hold several figures

export class KnobPanel {
  private readonly rows = new Map<string, Row>();
  private readonly own: Record<string, string>;

  constructor(
    private readonly known: Known,
    private readonly lines: Record<string, number>,
    private readonly listener: KnobListener,
  ) {
    this.own = defaults(known);
  }

  /** Build the rows into `el`, in the order in which the experiment declares them. */
  fill(el: HTMLElement, names: string[], values: Record<string, string>): void {
    const parts: HTMLElement[] = [];
    let chips: HTMLElement | null = null;
    for (const name of names) {
      const knob = this.known[name];
      if (!knob) continue;
      const row = this.row(knob);
      this.rows.set(name, row);
      this.show(name, values[name] ?? this.own[name]!);
      if (knob.kind === "switch") {
        if (!chips) parts.push((chips = make("div", { class: "chips" })));
        chips.append(row.root);
      } else {
        chips = null;
        parts.push(row.root);
      }
    }
    el.replaceChildren(...parts);
  }

  /** Show a value that came from elsewhere. */
  show(name: string, text: string): void {
    const row = this.rows.get(name);
    if (!row) return;
    row.show(text);
    row.root.classList.toggle("changed", text !== this.own[name]);
    say(row.bad, "");
  }

  /** One sentence at a knob; the field keeps what was typed. */
  complain(name: string, sentence: string): boolean {
    const row = this.rows.get(name);
    if (row) say(row.bad, sentence);
    return Boolean(row);
  }

  private take(knob: Knob, text: string, settled: boolean): void {
    try {
      const language = document.documentElement.lang;
      const value = read(knob, knob.kind === "number" ? decimal(text, language) : text);
      this.show(knob.name, value);
      this.listener.moved(knob.name, value, settled);
    } catch (error) {
      if (!(error instanceof KnobError)) throw error;
      this.complain(knob.name, error.message);
    }
  }

  private reset(knob: Knob): void {
    this.take(knob, this.own[knob.name]!, true);
  }

  private row(knob: Knob): Row {
    const id = `knob-${++count}-${knob.name}`;
    const bad = make("p", { class: "knob-bad", role: "alert" });
    const body = this.body(knob, id);
    const root = make("div", {
      class: `knob knob-${knob.kind}${knob.live ? "" : " restarts"}`,
      "data-knob": knob.name,
      ondblclick: (event) => {
        if ((event.target as Element).closest("input[type=range], .knob-name")) this.reset(knob);
      },
    });
    root.append(body.root, bad);
    return { root, show: body.show, bad };
  }

  private body(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    switch (knob.kind) {
      case "number":
        return this.number(knob, id);
      case "choice":
        return knob.options.every((one) => thumbnail(one) || one.length < 7) && knob.options.length <= 9
          ? this.pictures(knob, id)
          : this.select(knob, id);
      case "switch":
        return this.toggle(knob, id);
      case "picture":
        return this.picture(knob, id);
      default:
        return this.text(knob, id);
    }
  }

  /** Name, sign of a restart, and a way back to the default. */
  private top(knob: Knob, id: string, field: HTMLElement | null): HTMLElement {
    const name = field
      ? make("label", { class: "knob-name", for: id }, knob.name)
      : make("span", { class: "knob-name", id }, knob.name);
    const own = this.own[knob.name] || phrase("nothing");
    const back = make("button", {
      type: "button",
      class: "knob-back",
      title: phrase("back to {value}", { value: own }),
      "aria-label": phrase("{knob}: reset to the default, {value}", { knob: knob.name, value: own }),
      onclick: () => this.reset(knob),
    }, phrase("reset"));
    const restarts = phrase("restarts the run");
    const mark = !knob.live && make("span", { class: "knob-restart", title: restarts },
      make("span", { "aria-hidden": "true" }, "↻"), make("span", { class: "unseen" }, ` ${restarts}`));
    return make("div", { class: "knob-top" }, name, this.lineLink(knob), mark, back, field);
  }

  /** To where it stands in the code. */
  private lineLink(knob: Knob): HTMLElement | null {
    const line = this.lines[knob.name];
    if (!line) return null;
    const label = phrase("{knob}: line {line} of the code", { knob: knob.name, line });
    return make("a", { href: `#line-${line}`, class: "knob-line", title: label, "aria-label": label }, "‹›");
  }

  /** What it means, and its range. */
  private help(knob: Knob, id: string): HTMLElement {
    const [low, high] = [plain(knob.low), plain(knob.high)];
    const limits = knob.kind === "number" ? phrase("{low} to {high}", { low, high }) : "";
    return make(
      "p",
      { class: "knob-help", id: `${id}-help` },
      knob.help,
      limits && make("span", { class: "knob-range" }, limits),
    );
  }

  private number(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const typed = make("input", {
      id, name: knob.name, inputmode: "decimal", autocomplete: "off", spellcheck: "false",
      "aria-describedby": `${id}-help`, onchange: () => this.take(knob, typed.value, true),
    });
    const slide = (settled: boolean) => () => {
      typed.value = write(knob, atSlot(knob, Number(slider.value)));
      this.take(knob, typed.value, settled);
    };
    const slider = make("input", {
      type: "range", min: 0, max: slots(knob), step: 1, "aria-label": phrase("{knob}, slider", { knob: knob.name }),
      oninput: slide(false), onchange: slide(true),
    });
    const show = (text: string) => {
      typed.value = text;
      const slot = String(toSlot(knob, Number(text)));
      if (slider.value !== slot && document.activeElement !== slider) slider.value = slot;
      slider.setAttribute("aria-valuetext", text);
      slider.style.setProperty("--share", String(toSlot(knob, Number(text)) / slots(knob)));
    };
    const root = make("div", {}, this.top(knob, id, typed), slider, this.help(knob, id));
    return { root, show };
  }

  private select(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const select = make("select", {
      id, name: knob.name, "aria-describedby": `${id}-help`,
      onchange: () => this.take(knob, select.value, true),
    });
    select.append(...knob.options.map((one) => make("option", { value: one }, one)));
    const root = make("div", {}, this.top(knob, id, select), this.help(knob, id));
    return { root, show: (text) => void (select.value = text) };
  }

  private pictures(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const choices = make("div", { class: "choices" });
    for (const one of knob.options) {
      const radio = make("input", {
        type: "radio", name: id, value: one, class: "unseen",
        onchange: () => this.take(knob, one, true),
      });
      const drawing = thumbnail(one);
      choices.append(make("label", { class: drawing ? "choice pictured" : "choice" }, radio, drawing, make("span", {}, one)));
    }
    const root = make("div", { role: "radiogroup", "aria-labelledby": id, "aria-describedby": `${id}-help` },
      this.top(knob, id, null), choices, this.help(knob, id));
    const show = (text: string) => {
      for (const radio of choices.querySelectorAll("input")) radio.checked = radio.value === text;
    };
    return { root, show };
  }

  private toggle(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const box = make("input", {
      id, type: "checkbox", name: knob.name,
      onchange: () => this.take(knob, box.checked ? "on" : "off", true),
    });
    const hint = knob.live ? knob.help : phrase("{help} (restarts the run)", { help: knob.help });
    const root = make("label", { class: "chip knob-name", title: hint }, box, make("span", {}, knob.name));
    return { root, show: (text) => void (box.checked = text === "on") };
  }

  /** A place for a picture; what fills it is loaded when there is one. */
  private picture(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const place = make("div", { class: "own" });
    let now = "";
    let show = (text: string): void => void (now = text);
    void import("./ownpicture.ts").then(({ mount }) => {
      show = mount(place, {
        name: knob.name,
        help: `${id}-help`,
        take: (letters) => this.take(knob, letters, true),
        complain: (sentence) => this.complain(knob.name, sentence),
      });
      show(now);
    });
    const root = make("div", {}, this.top(knob, id, null), place, this.help(knob, id));
    return { root, show: (text) => show(text) };
  }

  private text(knob: Knob, id: string): { root: HTMLElement; show(text: string): void } {
    const typed = make("input", {
      id, name: knob.name, autocomplete: "off", spellcheck: "false",
      placeholder: knob.kind === "points" ? "0.5,-0.2,1 0.1,0.7,0" : "",
      title: range(knob), "aria-describedby": `${id}-help`,
      onchange: () => this.take(knob, typed.value, true),
    });
    const root = make("div", {}, this.top(knob, id, null), typed, this.help(knob, id));
    typed.setAttribute("aria-labelledby", id);
    root.querySelector(".knob-name")!.id = `${id}-name`;
    typed.setAttribute("aria-labelledby", `${id}-name`);
    return { root, show: (text) => void (typed.value = text) };
  }
}
