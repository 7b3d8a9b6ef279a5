/** Which section is in sight, for how long, whether its end has been seen, and how it was. */

import { Clock } from "./clock.ts";
import { hangLead } from "./depth.ts";
import { phrase } from "./words.ts";

const SEND_EVERY = 30_000; // milliseconds between two reports of the time spent
const MOST = 600; // seconds in one report

/** Follow the reader of a lesson, and tell the server. */
export function follow(article: HTMLElement): void {
  const spent = new Map<HTMLElement, number>();
  const finished = new Set<HTMLElement>();
  const sections = [...article.querySelectorAll<HTMLElement>("section[data-section]")];
  hangLead(sections.filter((one) => one.dataset["apart"] === undefined));
  const clock = new Clock(performance.now());
  for (const name of ["scroll", "pointermove", "pointerdown", "keydown"]) {
    addEventListener(name, () => clock.move(performance.now()), { passive: true });
  }
  const ends = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const section = target.closest<HTMLElement>("section[data-section]")!;
      if (!isIntersecting || section.dataset["read"] !== undefined) continue;
      section.dataset["read"] = "";
      finished.add(section);
      document.querySelector(`.depth a[href="#${section.id}"]`)?.classList.add("read");
      window.setTimeout(report, 500);
    }
  });
  for (const end of article.querySelectorAll(".section-end")) ends.observe(end);

  const current = () => {
    const middle = innerHeight / 2;
    return sections.filter((one) => one.getBoundingClientRect().top < middle).at(-1) ?? sections[0];
  };
  function count(): HTMLElement | undefined {
    const here = current();
    const seconds = clock.look(performance.now(), !document.hidden);
    if (here && seconds) spent.set(here, (spent.get(here) ?? 0) + seconds);
    for (const link of document.querySelectorAll(".depth a")) {
      link.toggleAttribute("aria-current", here !== undefined && link.getAttribute("href") === `#${here.id}`);
    }
    return here;
  }
  /** All of it in one request, the section in sight last: there the reader goes on. */
  function report(): void {
    const here = count();
    const told = [...new Set([...spent.keys(), ...finished])].sort((a, b) => Number(a === here) - Number(b === here));
    if (!told.length) return;
    const sent = told.map((one) => ({ one, seconds: Math.min(spent.get(one) ?? 0, MOST), read: finished.has(one) }));
    const fields = new URLSearchParams({ key: article.dataset["key"]! });
    for (const { one, seconds, read } of sent) {
      fields.append("section", one.dataset["section"]!);
      fields.append("seconds", seconds.toFixed(1));
      fields.append("read", read ? "1" : "0");
    }
    spent.clear();
    finished.clear();
    const again = () => {
      for (const { one, seconds, read } of sent) {
        spent.set(one, (spent.get(one) ?? 0) + seconds);
        if (read) finished.add(one);
      }
    };
    fetch(article.dataset["seen"]!, { method: "POST", body: fields, keepalive: true }).then(
      (reply) => reply.ok || again(),
      again,
    );
  }
  window.setInterval(count, 1000);
  window.setInterval(report, SEND_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && report());
}

/** How a section was is sent without leaving the place. */
export async function pace(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) fields.append(name, String(value));
  const buttons = [...form.querySelectorAll("button")];
  const before = buttons.map((one) => one.getAttribute("aria-pressed")!);
  for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
  form.querySelector(".complaint")?.remove();
  try {
    const reply = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "text/x-fragment" } });
    if (!reply.ok) throw new Error(reply.statusText);
  } catch {
    buttons.forEach((one, at) => one.setAttribute("aria-pressed", before[at]!));
    const told = form.appendChild(document.createElement("p"));
    told.className = "complaint";
    told.setAttribute("role", "alert");
    told.textContent = phrase("This did not reach the server: press it again when the server is back.");
  }
}
