/** The depth line of a lesson: its height is planned minutes, and the lead hangs where one reads. */

const LOOKED_AT = 0.4; // of the window's height: there one reads

/** Follow the reader through these sections; each has its knot in the list of the line. */
export function hangLead(sections: readonly HTMLElement[]): void {
  const line = document.querySelector<HTMLElement>(".depth-line");
  if (!line) return;
  const knots = [...line.querySelectorAll<HTMLElement>("li[data-minutes]")];
  const minutes = knots.map((one) => Number(one.dataset["minutes"]) || 1);
  knots.forEach((one, at) => (one.style.flexGrow = String(minutes[at])));
  let due = 0;
  const place = () => {
    due = 0;
    const ends = sections.map((one) => one.getBoundingClientRect().bottom);
    const at = sections.findIndex((_, i) => ends[i]! > LOOKED_AT * innerHeight);
    const last = at < 0;
    const here = last ? sections.length - 1 : at;
    const { top, height } = sections[here]!.getBoundingClientRect();
    const inside = last ? 1 : Math.min(Math.max((LOOKED_AT * innerHeight - top) / height, 0), 1);
    line.style.setProperty("--p", `${100 * depth(knots, minutes, here, inside, line.clientHeight)}%`);
  };
  const soon = () => (due ||= requestAnimationFrame(place));
  addEventListener("scroll", soon, { passive: true });
  new ResizeObserver(soon).observe(document.body);
  place();
}

/** How deep a place inside a section lies, from 0 to 1: by its knot, or by minutes where none is shown. */
function depth(knots: HTMLElement[], minutes: number[], here: number, inside: number, height: number): number {
  const knot = knots[here];
  if (knot?.offsetParent && height) return (knot.offsetTop + inside * knot.offsetHeight) / height;
  const sum = (some: number[]) => some.reduce((total, one) => total + one, 0);
  return (sum(minutes.slice(0, here)) + inside * (minutes[here] ?? 0)) / (sum(minutes) || 1);
}
