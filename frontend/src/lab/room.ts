/** Room for a figure that waits: one of the same page that nobody sees gives its core. */

interface Resting extends HTMLElement {
  rest(): boolean; // whether it ran unseen, and gives its core
}

/** The first figure of the page that can rest does so; the reader goes on with it later. */
export function makeRoom(waiting: HTMLElement): void {
  for (const one of document.querySelectorAll<Resting>("fathom-lab[data-state=running]")) {
    if (one !== waiting && one.rest()) return;
  }
}

/** Whether any of it is within the window. */
export function inSight(el: HTMLElement): boolean {
  const { top, bottom } = el.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
