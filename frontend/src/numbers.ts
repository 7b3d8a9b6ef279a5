/** Numbers as people and links read them. */

import { phrase } from "./words.ts";

/** Like Python's `f"{value:.{digits}g}"`, so that a link made here equals one made there. */
export function general(value: number, digits = 6): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return trim(value.toFixed(digits - 1 - exponent));
  const sign = exponent < 0 ? "-" : "+";
  return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A number to be read in a sentence or at an axis: a true minus sign, no needless digits. */
export function spoken(value: number, digits = 3): string {
  if (Number.isNaN(value)) return phrase("not a number");
  if (!Number.isFinite(value)) return value > 0 ? phrase("infinite") : phrase("minus infinite");
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return grouped(value);
  const whole = general(value, digits).includes("e+") && Math.abs(value) < 1e6;
  if (whole) return grouped(value); // 3524.2 is 3 524, not 3.52 × 10³
  const text = general(value, digits).replace(/e([+-])0*(\d+)/, (_, sign: string, power: string) => {
    return ` × ${tens(Number(sign + power))}`;
  });
  return text.replace(/^(-?)1 × /, "$1").replace(/^-/, "−");
}

/** A number of a run as people say it: an accuracy, as every share, is read in percent. */
export function measured(metric: string, value: number, digits = 3): string {
  return isShare(metric) && Math.abs(value) <= 1 ? percent(value, digits) : spoken(value, digits);
}

/** Whether numbers of this name are shares of one that people read in percent. */
export function isShare(name: string): boolean {
  return /accuracy|recall|precision|specificity|pairs_right|\bshare\b/.test(name);
}

/** A share in percent, with a thin space before the sign. */
export function percent(share: number, digits = 3): string {
  return `${spoken(Number((100 * share).toPrecision(12)), digits)}\u202f%`;
}

/** A typed number with a point: 0,5 is meant as 0.5, and in German every comma is meant so. */
export function decimal(text: string, language: string): string {
  const comma = language === "de" ? /^(\s*-?\d+),(\d+\s*)$/ : /^(\s*-?0),(\d+\s*)$/;
  return text.replace(comma, "$1.$2");
}

/** Numbers at an axis of this name: with as many digits as it takes to tell them apart. */
export function apart(places: number[], name = ""): string[] {
  const shares = places.every((place) => Math.abs(place) <= 1);
  const say = isShare(name) && shares ? percent : spoken;
  for (let digits = 3; digits < 9; digits++) {
    const said = places.map((place) => say(place, digits));
    if (new Set(said).size === new Set(places).size) return said;
  }
  return places.map((place) => say(place, 9));
}

/** A power of ten as it is written where there is little room. */
export function tens(power: number): string {
  return `10${[...String(power)].map(raised).join("")}`;
}

function raised(sign: string): string {
  return sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!;
}

/** A whole number with thin spaces between thousands. */
export function grouped(value: number): string {
  const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return value < 0 ? `−${digits}` : digits;
}

/** A limit of a range: as it would be typed, without powers of ten where that stays short. */
export function plain(value: number): string {
  const text = general(value);
  return /e-0[5-6]$/.test(text) ? value.toFixed(8).replace(/0+$/, "") : text;
}

/** Places of about `most` round numbers from low to high. */
export function ticks(low: number, high: number, most = 5): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return Number.isFinite(low) ? [low] : [];
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10);
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    found.push(Number((i * step).toPrecision(12)));
  }
  return found.length < 2 && most < 16 ? ticks(low, high, 2 * most) : found; // one alone says no distance
}

/** "40 s", "3 min 20 s", "2 min", "1 h 5 min": rounded first, so that there are never 60 s. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const tens = 10 * Math.round(seconds / 10);
  if (tens < 600) return two(tens, "min", "s");
  return seconds < 3570 ? `${Math.round(seconds / 60)} min` : two(Math.round(seconds / 60), "h", "min");
}

/** So many small units, sixty of which are a large one; what is none is left out. */
function two(count: number, large: string, small: string): string {
  const rest = count % 60;
  return `${Math.floor(count / 60)} ${large}${rest ? ` ${rest} ${small}` : ""}`;
}

/** A place in a queue, in words. */
export function ordinal(place: number): string {
  const words = [
    phrase("next"), phrase("second"), phrase("third"), phrase("fourth"), phrase("fifth"),
    phrase("sixth"), phrase("seventh"), phrase("eighth"), phrase("ninth"),
  ];
  return words[place - 1] ?? phrase("number {place}", { place });
}

/** A metric's name as words: val_accuracy -> "validation accuracy". */
export function words(name: string): string {
  const [, split, rest] = /^(val_|train_)?(.*)$/s.exec(name)!;
  const metric = rest!.replaceAll("_", " ");
  if (split === "val_") return phrase("validation {metric}", { metric });
  return split === "train_" ? phrase("training {metric}", { metric }) : metric;
}
