/** A lesson: formulas, answers without leaving the place, figures that wait, what has been read. */

import { hangLead } from "./depth.ts";
import { phrase } from "./words.ts";

const SEND_EVERY = 30_000; // milliseconds between two reports of the time spent
const IDLE_AFTER = 120_000; // nobody reads where nothing has moved for so long
const SOMETHING_ELSE = "h2, h3, fathom-lab, .gate-says, .question, [data-cell], .section-end";

void formulas(document);
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form.answer")) return;
  event.preventDefault();
  void answer(form, (event as SubmitEvent).submitter as HTMLButtonElement | null);
});
holdBack();
follow();
pads(document);
if (document.querySelector("[data-cell]")) {
  void import("./exercise/code.ts").then(({ startCode }) => startCode((root) => void formulas(root)));
}
const { lesson, edition } = document.querySelector<HTMLElement>("article.lesson")?.dataset ?? {};
if (lesson && edition) void import("./edition.ts").then(({ watchEdition }) => watchEdition(lesson, edition));

/** KaTeX is large: it is fetched when there is something to set. */
async function formulas(root: ParentNode): Promise<void> {
  if (!root.querySelector(".math:not([data-set])")) return;
  const { setFormulas } = await import("./maths.ts");
  setFormulas(root);
}

/** What is drawn on is fetched where something is to be drawn. */
function pads(root: ParentNode): void {
  if (root.querySelector("[data-pad]")) void import("./sketch/pad.ts").then(({ layPads }) => layPads());
}

/** Send an answer; what comes back is the question with its explanations. */
async function answer(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  const question = form.closest<HTMLElement>(".question")!;
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) fields.append(name, String(value));
  if (button) button.disabled = true;
  try {
    const reply = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "text/x-fragment" } });
    if (!reply.ok && reply.status !== 422) throw new Error((await reply.text()).slice(0, 200));
    const made = document.createRange().createContextualFragment(await reply.text()).firstElementChild!;
    question.replaceWith(made);
    await formulas(made);
    pads(made);
    made.querySelector<HTMLElement>(".verdict, .complaint")?.focus();
    if (made.matches(".answered")) open(made as HTMLElement);
  } catch {
    if (button) button.disabled = false;
    const text = phrase("The answer did not reach the server. It is still here: send it again when the server is back.");
    const told = form.querySelector(".complaint") ?? form.appendChild(document.createElement("p"));
    told.className = "complaint";
    told.setAttribute("role", "alert");
    told.textContent = text;
  }
}

/** What is written below a figure that waits tells what was seen: it waits, too. */
function holdBack(): void {
  for (const lab of document.querySelectorAll<HTMLElement>("fathom-lab[gate]")) {
    let next = lab.nextElementSibling;
    for (; next && !next.matches(SOMETHING_ELSE); next = next.nextElementSibling) {
      (next as HTMLElement).dataset["behind"] = `q-${lab.getAttribute("gate")}`;
    }
  }
}

/** The figures that waited for this prediction may run. */
function open({ id: question, dataset }: HTMLElement): void {
  for (const lab of document.querySelectorAll("fathom-lab[gate]")) {
    if (`q-${lab.getAttribute("gate")}` !== question) continue;
    if (dataset["sketch"]) lab.setAttribute("sketch", dataset["sketch"]);
    lab.previousElementSibling?.matches(".gate-says") && lab.previousElementSibling.remove();
    lab.removeAttribute("gate");
  }
  for (const held of document.querySelectorAll<HTMLElement>("[data-behind]")) {
    if (held.dataset["behind"] === question) delete held.dataset["behind"];
  }
}

/** Which section is in sight, for how long, and whether its end has been seen. */
function follow(): void {
  const article = document.querySelector<HTMLElement>("article.lesson");
  if (!article) return;
  const spent = new Map<HTMLElement, number>();
  const finished = new Set<HTMLElement>();
  const sections = [...article.querySelectorAll<HTMLElement>("section[data-section]")];
  hangLead(sections);
  let moved = performance.now();
  let last = performance.now();
  for (const name of ["scroll", "pointermove", "keydown"]) {
    addEventListener(name, () => (moved = performance.now()), { passive: true });
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
  const count = () => {
    const now = performance.now();
    const here = current();
    if (here && !document.hidden && now - moved < IDLE_AFTER) {
      spent.set(here, (spent.get(here) ?? 0) + (now - last) / 1000);
    }
    last = now;
    for (const link of document.querySelectorAll(".depth a")) {
      link.toggleAttribute("aria-current", here !== undefined && link.getAttribute("href") === `#${here.id}`);
    }
  };
  function report(): void {
    count();
    for (const section of new Set([...spent.keys(), ...finished])) {
      const seconds = Math.min(spent.get(section) ?? 0, 600);
      const read = finished.has(section);
      const fields = new URLSearchParams({
        key: article!.dataset["key"]!,
        section: section.dataset["section"]!,
        seconds: seconds.toFixed(1),
        read: read ? "1" : "0",
      });
      spent.delete(section);
      finished.delete(section);
      fetch(article!.dataset["seen"]!, { method: "POST", body: fields, keepalive: true }).then(
        (reply) => reply.ok || again(section, seconds, read),
        () => again(section, seconds, read),
      );
    }
  }
  function again(section: HTMLElement, seconds: number, read: boolean): void {
    spent.set(section, (spent.get(section) ?? 0) + seconds);
    if (read) finished.add(section);
  }
  window.setInterval(count, 1000);
  window.setInterval(report, SEND_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && report());
}
