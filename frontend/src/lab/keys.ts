/** The keys of a figure, wherever the focus is not in something that needs them itself. */

export interface Keys {
  toggle(): void;
  step(): void;
  restart(): void;
  choose(label: number): void;
}

const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, [contenteditable]";
const ARROWS = "input, select, textarea";
const PRESSED = "button, a, summary, select, input, [role=button]";

/** Listen; returns how to stop. */
export function onKeys(lab: HTMLElement, keys: Keys): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    const alone = !lab.hasAttribute("inside"); // one of several figures on a page hears only its own
    const elsewhere = !(alone && target === document.body) && !lab.contains(target);
    if (elsewhere || target.matches(TYPED)) return;
    const act = action(event.key, target, keys);
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}

function action(key: string, target: Element, keys: Keys): (() => void) | null {
  switch (key) {
    case " ":
      return target.matches(PRESSED) ? null : () => keys.toggle();
    case "ArrowRight":
      return target.matches(ARROWS) ? null : () => keys.step();
    case ".":
      return () => keys.step();
    case "r":
    case "R":
      return target.matches("select") ? null : () => keys.restart();
    case "1":
    case "2":
      return target.matches("select") ? null : () => keys.choose(Number(key) - 1);
    default:
      return null;
  }
}
