/** A lesson: formulas, answers without leaving the place, figures that wait, what has been read. */

import { follow, pace } from "./attended.ts";
import { NOT_KEPT } from "./statuses.ts";
import { tellTerms } from "./terms.ts";
import { phrase } from "./words.ts";

const SOMETHING_ELSE = "h2, h3, fathom-lab, .gate-says, .question, [data-cell], .section-end";

void formulas(document);
tellTerms();
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  if (!form.matches(".answer,.pace")) return;
  event.preventDefault();
  if (form.matches(".answer")) void answer(form, button);
  else if (button) void pace(form, button);
});
holdBack();
const article = document.querySelector<HTMLElement>("article.lesson");
if (article) follow(article);
pads(document);
if (document.querySelector("[data-cell]")) {
  void import("./exercise/code.ts").then(({ startCode }) => startCode((root) => void formulas(root)));
}
const { lesson, edition } = article?.dataset ?? {};
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
    if (reply.status === NOT_KEPT) return complain(form, button, await reply.text());
    if (!reply.ok && reply.status !== 422) throw new Error((await reply.text()).slice(0, 200));
    const made = document.createRange().createContextualFragment(await reply.text()).firstElementChild!;
    question.replaceWith(made);
    await formulas(made);
    pads(made);
    made.querySelector<HTMLElement>(".verdict, .complaint")?.focus();
    if (made.matches(".answered")) open(made as HTMLElement);
  } catch {
    complain(form, button, phrase("The answer did not reach the server. It is still here: send it again when the server is back."));
  }
}

/** Say why an answer was not taken; it can be sent again. */
function complain(form: HTMLFormElement, button: HTMLButtonElement | null, text: string): void {
  if (button) button.disabled = false;
  const told = form.querySelector(".complaint") ?? form.appendChild(document.createElement("p"));
  told.className = "complaint";
  told.setAttribute("role", "alert");
  told.textContent = text;
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
