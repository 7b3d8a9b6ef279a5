/** The outputs of one cell: text, tables, pictures and errors, as a notebook shows them. */

import { append } from "./printed.ts";
import { phrase } from "../words.ts";

export interface Place {
  file: string;
  line: number;
  function: string;
  code: string;
}

export type Output =
  | { kind: "text"; stream: "stdout" | "stderr"; text: string }
  | { kind: "display"; text: string; html: string | null; png: string | null }
  | { kind: "problem"; text: string; places: Place[]; meaning: string; name: string };

const MOST_ROWS = 200; // of a table that are shown
const PARTS = new Set(["TABLE", "THEAD", "TBODY", "TFOOT", "TR", "TH", "TD", "CAPTION"]);

export class Outputs {
  private last: HTMLPreElement | null = null;
  private text = "";

  constructor(private readonly place: HTMLElement) {}

  clear(): void {
    this.place.replaceChildren();
    this.place.hidden = true;
    this.place.classList.remove("aged");
    this.last = null;
  }

  /** The code has changed since: what stands here is not of what stands there now. */
  age(): void {
    if (this.place.matches(".aged") || !this.place.querySelector(":scope > :not(.notice)")) return;
    this.place.classList.add("aged");
    this.place.prepend(element("p", "notice", phrase("From before you changed the code:")));
  }

  show(output: Output): void {
    if (output.kind === "text") return this.print(output.stream, output.text);
    this.last = null;
    this.place.hidden = false;
    if (output.kind === "problem") this.place.append(problem(output));
    else this.place.append(displayed(output.text, output.html, output.png));
  }

  /** A sentence of ours, perhaps with something to press. */
  say(text: string, button?: HTMLButtonElement): void {
    this.last = null;
    this.place.hidden = false;
    const said = element("p", "notice", text);
    if (button) said.append(" ", button);
    this.place.append(said);
  }

  private print(stream: string, added: string): void {
    if (!this.last || this.last.dataset["stream"] !== stream) {
      this.last = element("pre", `printed ${stream}`);
      this.last.dataset["stream"] = stream;
      this.last.tabIndex = 0;
      this.text = "";
      this.place.append(this.last);
    }
    this.place.hidden = false;
    this.text = append(this.text, added);
    this.last.textContent = this.text;
  }
}

function displayed(text: string, html: string | null, png: string | null): HTMLElement {
  if (png) {
    const picture = document.createElement("img");
    picture.src = `data:image/png;base64,${png}`;
    picture.alt = phrase("The picture that the code drew");
    return picture;
  }
  const table = html && tableIn(html);
  if (table) {
    const frame = element("div", "table");
    frame.tabIndex = 0;
    frame.append(table);
    return frame;
  }
  const shown = element("pre", "value", text);
  shown.tabIndex = 0;
  return shown;
}

/** The first table of a learner's HTML, built anew: nothing but its cells and their text is kept. */
function tableIn(html: string): HTMLElement | null {
  html = html.replace(/<style[\s\S]*?<\/style>| style="[^"]*"/gi, ""); // the page's policy would complain
  const found = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!found) return null;
  let rows = 0;
  const copy = (from: Element): HTMLElement | null => {
    if (!PARTS.has(from.tagName) || (from.tagName === "TR" && ++rows > MOST_ROWS)) return null;
    const made = document.createElement(from.tagName);
    if (/^(TH|TD|CAPTION)$/.test(from.tagName)) {
      made.textContent = from.textContent;
      for (const name of ["colspan", "rowspan"]) {
        const span = Number(from.getAttribute(name));
        if (span > 1 && span < 1000) made.setAttribute(name, String(span));
      }
    } else {
      for (const child of from.children) made.append(copy(child) ?? "");
    }
    return made;
  };
  return copy(found);
}

function problem({ name, text, places, meaning }: Extract<Output, { kind: "problem" }>): HTMLElement {
  const made = element("div", "problem");
  const line = places.at(-1)?.line;
  const what = text ? `${name}: ${text}` : name;
  made.append(element("p", "problem-head", line ? phrase("Line {line}: {what}", { line, what }) : what));
  if (meaning) made.append(element("p", "meaning", meaning));
  if (places.length > 1) {
    const lines = places.map((one) => `${whereabouts(one)}\n    ${one.code}`);
    const story = document.createElement("details");
    story.append(element("summary", "", phrase("The way there")), element("pre", "", lines.join("\n")));
    made.append(story);
  }
  return made;
}

function whereabouts({ line, function: name }: Place): string {
  return name === "<module>" ? phrase("line {line}", { line }) : phrase("line {line} in {name}", { line, name });
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
