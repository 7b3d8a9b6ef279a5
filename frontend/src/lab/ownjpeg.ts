/** A small JPEG as the letters of a knob: what of it can be told without a browser. */

import { JPEG, MOST_PICTURE } from "../knobs.ts";
import { phrase } from "../words.ts";

export const SIDE = 64; // places each way, as fathom/cli/photo.py makes them, too
export const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05];
export const LARGEST = 50e6; // bytes of a file

/** The sides on the way from one to SIDE, each at least half of the one before. */
export function shrinkings(side: number): number[] {
  const sides = [];
  for (let next = Math.ceil(side / 2); next > SIDE; next = Math.ceil(next / 2)) sides.push(next);
  return [...sides, SIDE];
}

/** The letters of a data URL for a knob; empty where it is no JPEG, or too large for a link. */
export function letters(url: string): string {
  const [kind, data = ""] = url.split(",");
  const text = data.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const fits = kind === "data:image/jpeg;base64" && text.startsWith(JPEG) && text.length <= MOST_PICTURE;
  return fits ? text : "";
}

/** The data URL of a knob's letters. */
export function source(text: string): string {
  return `data:image/jpeg;base64,${text.replaceAll("-", "+").replaceAll("_", "/")}`;
}

/** Why a file could not be read, and what to do. */
export function refusal(file: { size: number; type: string; name?: string }): string {
  if (file.size > LARGEST) {
    return phrase("This file is too large: choose a picture of at most {most} MB.", { most: LARGEST / 1e6 });
  }
  if (/hei[cf]/i.test(`${file.type} ${file.name ?? ""}`)) {
    return phrase("This browser cannot read HEIC pictures: save yours as a JPEG first, or use the camera.");
  }
  return phrase("This is no picture that the browser can read: choose a JPEG, PNG or WebP.");
}
