/** Colours of pictures. Ramps are made in OKLab, where equal steps look equally large. */

type Colour = [red: number, green: number, blue: number]; // 0..255

/** Colours beyond the four of the tokens, for data with more classes. */
const MORE = ["#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a", "#8c510a", "#542788"];
export const COLOURS = 4 + MORE.length;

/** The colour of a class, as its marks have it; always beside a shape. */
export function classColour(number: number): string {
  const at = ((number % COLOURS) + COLOURS) % COLOURS;
  return at < 4 ? inStyle(`c${at + 1}`) : MORE[at - 4]!;
}

function parse(hex: string): Colour {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Colour;
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  const share = Math.min(1, Math.max(0, value));
  return Math.round(255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055));
}

/** sRGB to OKLab (Ottosson 2020). */
function toLab(colour: Colour): Colour {
  const [r, g, b] = colour.map(linear) as Colour;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([light, a, b]: Colour): Colour {
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function pack([r, g, b]: Colour): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0; // little endian, as canvases keep pixels
}

/** 256 pixels from the first colour to the last, evenly through those between. */
export function ramp(...stops: string[]): Uint32Array {
  const labs = stops.map((stop) => toLab(parse(stop)));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (labs.length - 1);
    const from = Math.min(labs.length - 2, Math.floor(at));
    const share = at - from;
    const lab = labs[from]!.map((one, axis) => one + (labs[from + 1]![axis]! - one) * share);
    return pack(fromLab(lab as Colour));
  });
}

let made: Record<string, Uint32Array> = {};
const styles = new Map<string, string>(); // asking the page makes it work out all its styles
const listeners = new Set<() => void>();
function changed(): void {
  made = {};
  styles.clear();
  for (const listener of listeners) listener();
}
if (typeof matchMedia === "function") {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

/** A colour that can be read as text on the paper: nearer to the ink. */
export function asInk(colour: string): string {
  return `color-mix(in oklab, ${colour} 72%, ${inStyle("ink")})`;
}

/** A colour of the page's style, such as "paper". */
export function inStyle(name: string): string {
  let found = styles.get(name);
  if (found === undefined) {
    found = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    styles.set(name, found);
  }
  return found;
}

/** Call back when light turns to dark or back; returns how to stop. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The 256 pixels of a kind of picture in the present theme. */
export function table(kind: string): Uint32Array {
  return (made[kind] ??= make(kind));
}

function make(kind: string): Uint32Array {
  const [low, middle, high] = ["f-neg", "f-mid", "f-pos"].map(inStyle) as [string, string, string];
  switch (kind) {
    case "diverging": // most of the colour is reached early, so that the border stands out
      return ramp(low, mixed(low, middle), middle, mixed(high, middle), high);
    case "sequential":
      return ramp(...["d0", "d1", "d2", "d3", "d4", "d5"].map(inStyle));
    case "depth": // more blue is deeper: a lower loss
      return table("sequential").slice().reverse();
    case "classes":
      return Uint32Array.from({ length: 256 }, (_, i) => pack(parse(classColour(i))));
    default:
      return ramp("#000000", "#ffffff");
  }
}

/** Between an end and the middle, nearer to the end. */
function mixed(end: string, middle: string): string {
  const [a, b] = [parse(end), parse(middle)];
  return `#${a.map((one, i) => Math.round(one + 0.38 * (b[i]! - one)).toString(16).padStart(2, "0")).join("")}`;
}

/** A pixel of a table as CSS. */
export function css(pixel: number): string {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** Whether text on this pixel is better dark than light. */
export function isLight(pixel: number): boolean {
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map(linear) as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18;
}
