/** Knobs as the page knows them. Mirrors fathom/lab/config.py: the same values, the same sentences. */

import { general } from "./numbers.ts";
import { phrase } from "./words.ts";

export type Kind = "number" | "choice" | "switch" | "text" | "points" | "picture";
export type Point = [x: number, y: number, label: number];

export interface Knob {
  name: string;
  kind: Kind;
  default: unknown;
  help: string;
  live: boolean;
  looks: boolean; // only pictures depend on it: it also moves after the end
  low: number;
  high: number;
  log: boolean;
  whole: boolean;
  options: string[];
}

export class KnobError extends Error {}

const TRUE = ["true", "on", "yes", "1"];
const FALSE = ["false", "off", "no", "0"];
const MOST_POINTS = 500;
const MOST_LETTERS = 2000;
export const MOST_PICTURE = 4096;
export const JPEG = "_9j_"; // how each of them begins, in base64url
const SLOTS = 200;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What is possible, in words. */
export function range(knob: Knob): string {
  switch (knob.kind) {
    case "number": {
      const limits = { low: general(knob.low), high: general(knob.high) };
      return knob.whole
        ? phrase("a whole number from {low} to {high}", limits)
        : phrase("a number from {low} to {high}", limits);
    }
    case "choice":
      return phrase("one of {options}", { options: knob.options.join(", ") });
    case "switch":
      return phrase("on or off");
    case "text":
      return phrase("a text of at most {most} letters", { most: MOST_LETTERS });
    case "points":
      return phrase("at most {most} points as x,y,class separated by spaces, with x and y from {low} to {high}", {
        most: MOST_POINTS, low: general(knob.low), high: general(knob.high),
      });
    case "picture":
      return phrase("a small picture: choose one on the page, or name its file in the terminal");
  }
}

/** The value a text stands for, as it is written in a link. Raises KnobError with a sentence. */
export function read(knob: Knob, text: string): string {
  const value = attempt(knob, text);
  if (value !== null) return value;
  const shown = text.length > 58 ? `'${text.slice(0, 56)}...` : `'${text}'`;
  const said = { knob: knob.name, value: shown, range: range(knob) };
  throw new KnobError(phrase("{knob} cannot be {value}: it must be {range}.", said));
}

function attempt(knob: Knob, text: string): string | null {
  switch (knob.kind) {
    case "number": {
      const plain = text.trim().replaceAll("_", "");
      const value = Number(plain);
      if (!NUMBER.test(plain) || !(knob.low <= value && value <= knob.high)) return null;
      if (knob.whole && !Number.isInteger(value)) return null;
      return write(knob, value);
    }
    case "choice":
      return knob.options.includes(text) ? text : null;
    case "switch": {
      const word = text.trim().toLowerCase();
      if (TRUE.includes(word)) return "on";
      return FALSE.includes(word) ? "off" : null;
    }
    case "text":
      return text.length <= MOST_LETTERS ? text : null;
    case "points": {
      const points = readPoints(text);
      return points && points.length <= MOST_POINTS && points.every((one) => inside(knob, one))
        ? write(knob, points)
        : null;
    }
    case "picture":
      return !text || (text.startsWith(JPEG) && /^[\w-]+$/.test(text) && text.length <= MOST_PICTURE) ? text : null;
  }
}

function inside(knob: Knob, [x, y, label]: Point): boolean {
  const within = (value: number) => knob.low <= value && value <= knob.high;
  return within(x) && within(y) && Number.isInteger(label) && label >= 0 && label <= 9;
}

/** The points of their text form, or null if it is none. */
export function readPoints(text: string): Point[] | null {
  const found: Point[] = [];
  for (const part of text.split(/[\s;]+/).filter(Boolean)) {
    const numbers = part.split(",");
    if (numbers.length !== 3 || !numbers.every((one) => NUMBER.test(one))) return null;
    found.push(numbers.map(Number) as Point);
  }
  return found;
}

/** The value as it stands in a link; `read` undoes it. */
export function write(knob: Knob, value: unknown): string {
  switch (knob.kind) {
    case "switch":
      return value ? "on" : "off";
    case "number":
      return knob.whole ? String(value) : general(value as number);
    case "points":
      return (value as Point[]).map(([x, y, c]) => `${general(x, 3)},${general(y, 3)},${c}`).join(" ");
    default:
      return String(value);
  }
}

/** What a person would type for a place that they pointed at: within the range, three digits. */
export function nearestValue(knob: Knob, value: number): number {
  const within = Math.min(knob.high, Math.max(knob.low, value));
  return knob.whole ? Math.round(within) : Number(within.toPrecision(3));
}

/** How many steps its slider has. */
export function slots(knob: Knob): number {
  const span = knob.high - knob.low;
  return knob.whole && !knob.log && span <= 2 * SLOTS ? span : SLOTS;
}

/** The value at a place of the slider, 0 to `slots`; rounded to what a person would type. */
export function atSlot(knob: Knob, slot: number): number {
  const share = slot / slots(knob);
  if (share <= 0) return knob.low;
  if (share >= 1) return knob.high;
  const value = logarithmic(knob)
    ? knob.low * (knob.high / knob.low) ** share
    : knob.low + (knob.high - knob.low) * share;
  const digits = logarithmic(knob) ? 2 : 3;
  const rounded = knob.whole ? Math.round(value) : Number(value.toPrecision(digits));
  return Math.min(knob.high, Math.max(knob.low, rounded));
}

/** The place of a value on the slider. */
export function toSlot(knob: Knob, value: number): number {
  const share = logarithmic(knob)
    ? Math.log(value / knob.low) / Math.log(knob.high / knob.low)
    : (value - knob.low) / (knob.high - knob.low);
  return Math.round(slots(knob) * Math.min(1, Math.max(0, share || 0)));
}

function logarithmic(knob: Knob): boolean {
  return knob.log && knob.low > 0; // equal ratios cannot start at nought
}
