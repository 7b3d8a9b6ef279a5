/** Three doors: what am I looking at, the file that runs, this state as a link. */

import { make } from "../draw/dom.ts";
import { phrase } from "../words.ts";

/** Doors to the sections of this page; `explain` fills the first one with what is seen now. */
export function doors(el: HTMLElement, link: () => string, explain: (into: HTMLElement) => void): void {
  const made = [["explain", phrase("explain")], ["code", phrase("code")]].flatMap(([id, label]) => {
    const section = document.getElementById(id!);
    return section ? [door(label!, section, explain)] : [];
  });
  el.replaceChildren(...made, linkDoor(link));
  followLines();
}

function door(label: string, section: HTMLElement, explain: (into: HTMLElement) => void): HTMLElement {
  section.hidden = true;
  const button = make("button", {
    type: "button", class: "door", "aria-expanded": "false", "aria-controls": section.id,
    onclick: () => {
      open(section, button, Boolean(section.hidden), explain);
      if (!section.hidden) section.scrollIntoView({ behavior: calm(), block: "nearest" });
    },
  }, label);
  section.addEventListener("door", () => open(section, button, true, explain));
  if (location.hash === `#${section.id}`) open(section, button, true, explain);
  return button;
}

function open(
  section: HTMLElement, button: HTMLElement, now: boolean, explain: (into: HTMLElement) => void,
): void {
  section.hidden = !now;
  button.setAttribute("aria-expanded", String(now));
  const seen = section.querySelector<HTMLElement>(".seen-now");
  if (now && seen) explain(seen);
}

export function calm(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

function linkDoor(link: () => string): HTMLElement {
  const said = make("span", { class: "said", role: "status" });
  const field = make("input", { class: "link-field", readonly: true, "aria-label": phrase("the link"), hidden: true });
  const copy = async () => {
    field.value = link();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = phrase("copied: it opens this run with these knobs");
      setTimeout(() => (said.textContent = ""), 4000);
    } catch {
      field.hidden = false; // no access to the clipboard: show it, to be copied by hand
      field.select();
      said.textContent = phrase("copy it from here");
    }
  };
  const button = make("button", { type: "button", class: "door", onclick: () => void copy() }, phrase("link"));
  return make("span", { class: "link-door" }, button, field, said);
}

/** A link to a line of the code opens that door and marks the line. */
function followLines(): void {
  const go = () => {
    const line = /^#line-\d+$/.test(location.hash) ? document.querySelector(location.hash) : null;
    if (!line) return;
    const section = line.closest("section");
    section?.dispatchEvent(new Event("door"));
    for (const one of document.querySelectorAll(".line.marked")) one.classList.remove("marked");
    line.classList.add("marked");
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
