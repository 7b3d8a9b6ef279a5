/** Three doors: what am I looking at, the file that runs, this state as a link. One is open at a time. */

import { make } from "../draw/dom.ts";
import { phrase } from "../words.ts";

/** Doors to the sections of this page; `explain` fills the first one with what is seen now. */
export function doors(el: HTMLElement, link: () => string, explain: (into: HTMLElement) => void): void {
  const named: [id: string, label: string][] = [
    ["explain", phrase("Explain")], ["code", phrase("Code")], ["link", phrase("Link")],
  ];
  const made: Door[] = named.flatMap(([id, label]) => {
    const section = document.getElementById(id);
    return section ? [new Door(label, section)] : [];
  });
  const show = (chosen: Door, open: boolean) => {
    for (const one of made) one.open(one === chosen && open);
    const seen = chosen.section.querySelector<HTMLElement>(".seen-now");
    if (open && seen) explain(seen);
    const row = chosen.section.querySelector<HTMLElement>(".link-row");
    if (open && row) fillLink(row, link());
  };
  for (const one of made) {
    one.open(false);
    one.button.addEventListener("click", () => show(one, Boolean(one.section.hidden)));
    one.section.addEventListener("door", () => show(one, true));
    if (location.hash === `#${one.section.id}`) show(one, true);
  }
  el.replaceChildren(...made.map(({ button }) => button));
  followLines();
}

class Door {
  readonly button: HTMLButtonElement;

  constructor(label: string, readonly section: HTMLElement) {
    this.button = make("button", { type: "button", class: "door", "aria-controls": section.id }, label);
  }

  open(now: boolean): void {
    this.section.hidden = !now;
    this.button.setAttribute("aria-expanded", String(now));
  }
}

export function calm(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** The address of the present state, with a way to take it along. */
function fillLink(row: HTMLElement, address: string): void {
  const said = make("span", { class: "quiet", role: "status" });
  const code = make("code", {}, address);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = phrase("copied");
    } catch {
      getSelection()?.selectAllChildren(code); // no access to the clipboard: it is marked, to be copied by hand
      said.textContent = phrase("copy it from here");
    }
  };
  row.replaceChildren(code, make("button", { type: "button", class: "btn", onclick: () => void copy() }, phrase("Copy")), said);
}

/** A link to a line of the code opens that door and marks the line. */
function followLines(): void {
  const go = () => {
    const line = /^#line-\d+$/.test(location.hash) ? document.querySelector(location.hash) : null;
    if (!line) return;
    line.closest("section")?.dispatchEvent(new Event("door"));
    markLine(line);
    line.scrollIntoView({ behavior: calm(), block: "center" });
  };
  document.addEventListener("click", (event) => {
    const anchor = (event.target as Element).closest?.<HTMLAnchorElement>('a[href^="#line-"]');
    if (!anchor) return;
    event.preventDefault();
    history.replaceState(history.state, "", anchor.getAttribute("href")!);
    go();
  });
  go();
}

/** Light up one line of the code. */
export function markLine(line: Element | null): void {
  for (const one of document.querySelectorAll(".line.marked")) one.classList.remove("marked");
  line?.classList.add("marked");
}
