/** Making elements. */

type Props = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;
type Child = Node | string | null | undefined | false;

/** An element with attributes (`class`, `aria-label`), listeners (`onclick`) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, props);
  element.append(...children.filter((one): one is Node | string => Boolean(one)));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  apply(element, props);
  element.append(...children.filter((one): one is Node | string => Boolean(one)));
  return element;
}

function apply(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
}

/** Change a text only if it differs, so that screen readers and layout are left in peace. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A canvas as sharp as the screen; returns its context in CSS pixels. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(devicePixelRatio || 1, 3);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export interface Head {
  root: HTMLElement;
  title: HTMLElement;
  readout: HTMLElement;
  tools: HTMLElement;
  announce(text: string): void;
}

/** The line above a picture: what it is, the value under the pointer, and switches. */
export function head(el: HTMLElement): Head {
  const title = make("span", { class: "view-title" });
  const readout = make("span", { class: "view-readout" });
  const tools = make("span", { class: "view-tools" });
  const live = make("span", { class: "unseen", "aria-live": "polite" });
  const root = make("div", { class: "view-head" }, title, readout, tools, live);
  el.append(root);
  return { root, title, readout, tools, announce: (text) => say(live, text) };
}

/** Put numbers that are too long to stand beside the title on a line of their own, for good. */
export function makeWay({ root, readout }: Head): void {
  const length = readout.textContent!.length;
  if (length <= Number(root.dataset["fits"] ?? 0)) return; // measured when it is longer than ever
  root.dataset["fits"] = String(length);
  if (readout.scrollWidth > readout.clientWidth) root.classList.add("long");
}

/** The width has changed: see anew whether they stand beside it. */
export function takeBack({ root }: Head): void {
  delete root.dataset["fits"];
  root.classList.remove("long");
}

/** A small switch above a picture. */
export function toggle(label: string, change: (on: boolean) => void): HTMLElement {
  const box = make("input", { type: "checkbox", onchange: () => change(box.checked) });
  return make("label", { class: "view-toggle" }, box, label);
}

const widths = new WeakMap<HTMLElement, number>(); // of elements that are watched

/** The inner width of an element; of one that `onResize` watches, without a layout of the page. */
export function widthOf(el: HTMLElement): number {
  return widths.get(el) ?? el.clientWidth;
}

/** Redraw when the width changes; returns how to stop. */
export function onResize(el: HTMLElement, redraw: () => void): () => void {
  let width = 0;
  const observer = new ResizeObserver(([entry]) => {
    widths.set(el, el.clientWidth);
    const now = Math.round(entry!.contentRect.width);
    if (now && now !== width) {
      width = now;
      redraw();
    }
  });
  observer.observe(el);
  return () => {
    observer.disconnect();
    widths.delete(el);
  };
}
