/** What a term means, beside it: under the mouse, with the keyboard's focus, at the first touch.
 *
 * Without scripts a term is a link to the glossary with a title; here one pop-up serves all of
 * them. It can be pointed at, Escape closes it, and it stays inside the window. */

const EDGE = 12; // px between the pop-up and the rim of the window
const GRACE = 200; // ms to move the mouse from the term into the pop-up

/** Listen on the whole page: questions that come later have terms, too. */
export function tellTerms(): void {
  const says = document.createElement("div");
  says.id = "term-says";
  says.className = "term-says";
  says.setAttribute("role", "tooltip");
  says.popover = "manual";
  (document.querySelector("main") ?? document.body).append(says);
  let of: HTMLElement | null = null;
  let leaving = 0;
  let touching = false;

  const hide = (): void => {
    clearTimeout(leaving);
    if (!of) return;
    of.removeAttribute("aria-describedby");
    of = null;
    if (says.matches(":popover-open")) says.hidePopover();
  };
  const show = (term: HTMLElement): void => {
    clearTimeout(leaving);
    if (of === term) return;
    hide();
    if (term.title) {
      term.dataset["means"] = term.title;
      term.removeAttribute("title"); // or the browser shows it a second time
    }
    if (!term.dataset["means"]) return;
    of = term;
    says.textContent = term.dataset["means"];
    term.setAttribute("aria-describedby", says.id);
    says.showPopover();
    place(says, term);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const term = termAt(event.target);
    if (term) show(term);
    else if (says.contains(event.target as Node)) clearTimeout(leaving);
    else if (of && of !== document.activeElement) {
      clearTimeout(leaving);
      leaving = window.setTimeout(hide, GRACE);
    }
  });
  document.addEventListener("focusin", (event) => {
    const term = termAt(event.target);
    if (term?.matches(":focus-visible")) show(term);
    else if (!touching) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (of && event.target === of && !touching) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    touching = event.pointerType === "touch";
    if (!termAt(event.target) && !says.contains(event.target as Node)) hide();
  });
  document.addEventListener("click", (event) => {
    const term = termAt(event.target);
    if (!term || !touching || of === term) return;
    event.preventDefault(); // the first touch explains, the second one follows the link
    show(term);
  });
  document.addEventListener("keydown", (event) => {
    touching = false;
    if (event.key === "Escape") hide();
  });
  window.addEventListener("scroll", () => of && place(says, of), { passive: true });
  window.addEventListener("resize", hide);
}

function termAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("a.term") : null;
}

/** Above the term's first line or, where there is no room, below its last; never over the rim. */
function place(says: HTMLElement, term: HTMLElement): void {
  const lines = term.getClientRects();
  const first = lines[0];
  const last = lines[lines.length - 1];
  if (!first || !last) return;
  const { width, height } = says.getBoundingClientRect();
  const room = document.documentElement.clientWidth - EDGE - width;
  const above = first.top - height - 6;
  says.style.left = `${Math.max(EDGE, Math.min(first.left, room))}px`;
  says.style.top = `${above >= EDGE ? above : last.bottom + 6}px`;
}
