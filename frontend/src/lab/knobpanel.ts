/** The knobs of a figure: each can be slid, typed into, and put back. */

import { make, say, svg } from "../draw/dom.ts";
import { atSlot, KnobError, range, read, slots, toSlot, write, type Knob } from "../knobs.ts";
import { defaults, type Known } from "../link.ts";
import { decimal, plain } from "../numbers.ts";
import { phrase } from "../words.ts";
import { thumbnail } from "./icons.ts";
import { groups, label } from "./labels.ts";

export interface KnobListener {
  /** A knob has a new value; `settled` is false while a slider is still being moved. */
  moved(name: string, text: string, settled: boolean): void;
}

interface Body {
  root: HTMLElement;
  show(text: string): void;
}

interface Row extends Body {
  back: HTMLElement;
  bad: HTMLElement;
}

const MOST_WORDS = 6; // options that are said in words; more are a list to choose from

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

  /**
   * Build the rows into `el`, by what they act on, in the order in which the experiment declares
   * them. Data sets that have pictures go into `sets`, where there is such a place.
   */
  fill(el: HTMLElement, names: string[], values: Record<string, string>, sets: HTMLElement | null = null): void {
    const known = names.filter((name) => this.known[name]);
    const data = sets && this.known["data"];
    const apart = data && known.includes("data") && data.options.every((one) => thumbnail(one));
    const parts: HTMLElement[] = [];
    const rest = known.filter((name) => !(apart && name === "data"));
    for (const [title, members] of groups(rest, (name) => this.known[name]!.kind === "switch")) {
      if (title) parts.push(make("h2", { class: "knob-group" }, title));
      parts.push(...members.map((name) => this.place(name, values)));
    }
    const kinds = new Set(rest.map((name) => this.known[name]!.live));
    el.replaceChildren(...(kinds.size > 1 ? [key()] : []), ...parts);
    if (!apart) return sets?.remove();
    sets.replaceChildren(this.place("data", values));
    sets.parentElement!.classList.add("with-sets");
  }

  private place(name: string, values: Record<string, string>): HTMLElement {
    const row = this.row(this.known[name]!);
    this.rows.set(name, row);
    this.show(name, values[name] ?? this.own[name]!);
    return row.root;
  }

  /** Show a value that came from elsewhere. */
  show(name: string, text: string): void {
    const row = this.rows.get(name);
    if (!row) return;
    row.show(text);
    const changed = text !== this.own[name];
    row.root.classList.toggle("changed", changed);
    row.back.tabIndex = changed ? 0 : -1;
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

  private row(knob: Knob): Row {
    const id = `knob-${++count}-${knob.name}`;
    const bad = make("p", { class: "knob-bad", role: "alert" });
    const back = this.back(knob);
    const body = this.body(knob, id, back);
    const root = make("div", {
      class: `knob knob-${knob.kind}`,
      "data-knob": knob.name,
      ondblclick: (event) => {
        if ((event.target as Element).closest("input[type=range], .knob-name")) this.take(knob, this.own[knob.name]!, true);
      },
    });
    root.append(body.root, bad);
    return { root, show: body.show, back, bad };
  }

  private body(knob: Knob, id: string, back: HTMLElement): Body {
    switch (knob.kind) {
      case "number":
        return this.number(knob, id, back);
      case "choice":
        return knob.options.length <= MOST_WORDS || knob.options.every((one) => thumbnail(one))
          ? this.words(knob, id, back)
          : this.select(knob, id, back);
      case "switch":
        return this.toggle(knob, id, back);
      case "picture":
        return this.picture(knob, id, back);
      default:
        return this.text(knob, id, back);
    }
  }

  /** "was 0.02", which brings it back. */
  private back(knob: Knob): HTMLElement {
    const own = this.own[knob.name] || phrase("nothing");
    const shown = knob.kind === "switch" ? (own === "on" ? phrase("on") : phrase("off")) : own;
    return make("button", {
      type: "button",
      class: "knob-back",
      title: phrase("back to {value}", { value: shown }),
      onclick: () => this.take(knob, this.own[knob.name]!, true),
    }, shown.length > 12 ? phrase("changed") : phrase("was {value}", { value: shown }));
  }

  /** Dot, name, a way back, and a field to type into. */
  private top(knob: Knob, id: string, back: HTMLElement, field: HTMLElement | null): HTMLElement {
    const dot = make("span", { class: knob.live ? "dot live" : "dot", title: kindOf(knob) });
    const name = field instanceof HTMLInputElement
      ? make("label", { class: "knob-name", for: id }, label(knob.name))
      : make("span", { class: "knob-name", id: `${id}-name` }, label(knob.name));
    return make("div", { class: "knob-top" }, dot, name, back, field);
  }

  /** What it means, what turning it does, and where it stands in the code. */
  private help(knob: Knob, id: string): HTMLElement {
    const line = this.lines[knob.name];
    const where = line ? phrase("{knob}: line {line} of the code", { knob: knob.name, line }) : "";
    const said = knob.help === label(knob.name); // not the same words twice
    return make(
      "p",
      { class: said ? "knob-help wordless" : "knob-help", id: `${id}-help` },
      said ? "" : knob.help,
      make("span", { class: "unseen" }, `. ${kindOf(knob)}. `),
      Boolean(line) && make("a", { href: `#line-${line}`, class: "knob-line", title: where, "aria-label": where }, knob.name),
    );
  }

  private number(knob: Knob, id: string, back: HTMLElement): Body {
    const typed = make("input", {
      id, name: knob.name, class: "knob-value", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
      title: range(knob), "aria-describedby": `${id}-help`, onchange: () => this.take(knob, typed.value, true),
    });
    const slide = (settled: boolean) => () => {
      typed.value = write(knob, atSlot(knob, Number(slider.value)));
      this.take(knob, typed.value, settled);
    };
    const slider = make("input", {
      type: "range", min: 0, max: slots(knob), step: 1, "aria-label": phrase("{knob}, slider", { knob: label(knob.name) }),
      oninput: slide(false), onchange: slide(true),
    });
    const from = svg("rect", { class: "from", y: 12, height: 2 });
    const at = (text: string) => (100 * toSlot(knob, Number(text))) / slots(knob);
    const own = at(this.own[knob.name]!);
    const notch = svg("rect", { class: "notch", x: `${own}%`, y: 7, width: 1.5, height: 12 });
    const show = (text: string) => {
      typed.value = text;
      const slot = String(toSlot(knob, Number(text)));
      if (slider.value !== slot && document.activeElement !== slider) slider.value = slot;
      slider.setAttribute("aria-valuetext", text);
      const now = at(text);
      from.setAttribute("x", `${Math.min(own, now)}%`);
      from.setAttribute("width", `${Math.abs(own - now)}%`);
    };
    const slot = make("span", { class: "slot" });
    slot.append(svg("svg", { "aria-hidden": "true" }, from, notch), slider);
    const limits = make("div", { class: "knob-range" }, make("span", {}, plain(knob.low)), slot, make("span", {}, plain(knob.high)));
    return { root: make("div", {}, this.top(knob, id, back, typed), limits, this.help(knob, id)), show };
  }

  private select(knob: Knob, id: string, back: HTMLElement): Body {
    const select = make("select", {
      id, name: knob.name, "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-help`,
      onchange: () => this.take(knob, select.value, true),
    });
    select.append(...knob.options.map((one) => make("option", { value: one }, one)));
    const root = make("div", {}, this.top(knob, id, back, null), select, this.help(knob, id));
    return { root, show: (text) => void (select.value = text) };
  }

  /** A choice in words, with a picture where there is one. */
  private words(knob: Knob, id: string, back: HTMLElement): Body {
    return this.radios(knob, id, back, knob.options.map((one) => [one, one]));
  }

  private toggle(knob: Knob, id: string, back: HTMLElement): Body {
    return this.radios(knob, id, back, [["off", phrase("off")], ["on", phrase("on")]]);
  }

  private radios(knob: Knob, id: string, back: HTMLElement, options: [value: string, word: string][]): Body {
    const inputs: HTMLInputElement[] = [];
    const pictured = options.every(([one]) => thumbnail(one)); // none of an activation is not none of a rival
    const sets = knob.name === "data" && pictured;
    const labels = options.map(([value, word]) => {
      const radio = make("input", {
        type: "radio", name: id, value, class: sets ? "unseen" : "", onchange: () => this.take(knob, value, true),
      });
      inputs.push(radio);
      const drawing = pictured ? thumbnail(value) : null;
      return make("label", { class: drawing ? "pictured" : "" }, radio, drawing, make("span", {}, word));
    });
    const choices = make("div", { class: sets ? "words choices" : "words" }, ...labels);
    const beside = knob.kind === "switch"; // two short words have room beside the name
    const root = make("div", { role: "radiogroup", "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-help` },
      this.top(knob, id, back, beside ? choices : null), beside ? "" : choices, this.help(knob, id));
    const show = (text: string) => {
      for (const radio of inputs) radio.checked = radio.value === text;
    };
    return { root, show };
  }

  /** A place for a picture; what fills it is loaded when there is one. */
  private picture(knob: Knob, id: string, back: HTMLElement): Body {
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
    const root = make("div", {}, this.top(knob, id, back, null), place, this.help(knob, id));
    return { root, show: (text) => show(text) };
  }

  private text(knob: Knob, id: string, back: HTMLElement): Body {
    const typed = make("input", {
      id, name: knob.name, class: "typed", autocomplete: "off", spellcheck: "false",
      placeholder: knob.kind === "points" ? "0.5,-0.2,1 0.1,0.7,0" : "",
      title: range(knob), "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-help`,
      onchange: () => this.take(knob, typed.value, true),
    });
    const root = make("div", {}, this.top(knob, id, back, null), typed, this.help(knob, id));
    return { root, show: (text) => void (typed.value = text) };
  }
}

function kindOf(knob: Knob): string {
  return knob.live ? phrase("turns while it trains") : phrase("starts the run again");
}

/** What the dots mean, said once. */
function key(): HTMLElement {
  const dot = (live: boolean) => make("i", { class: live ? "dot live" : "dot", "aria-hidden": "true" });
  return make("p", { class: "knob-key" },
    make("span", {}, dot(true), phrase("turns while it trains")),
    make("span", {}, dot(false), phrase("starts the run again")));
}
