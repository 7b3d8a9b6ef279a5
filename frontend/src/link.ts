/** The whole state of a figure as the query of its address, and back. */

import { KnobError, read, write, type Knob } from "./knobs.ts";
import type { Turn } from "./messages.ts";
import { general } from "./numbers.ts";
import { phrase } from "./words.ts";

export interface State {
  knobs: Record<string, string>; // all of them, as they were at the start
  turns: Turn[];
  pace: number | null; // steps a second, 0: as fast as it goes; null: the experiment's own
}

export type Known = Record<string, Knob>;

/** The defaults of all knobs in their text form. */
export function defaults(known: Known): Record<string, string> {
  return Object.fromEntries(Object.entries(known).map(([name, one]) => [name, write(one, one.default)]));
}

/** What stands behind the question mark; empty when everything is as the experiment has it. */
export function toQuery(known: Known, state: State): string {
  const own = defaults(known);
  const parts = new URLSearchParams();
  for (const name of Object.keys(known)) {
    const value = state.knobs[name];
    if (value !== undefined && value !== own[name]) parts.set(name, value);
  }
  if (state.turns.length) parts.set("turns", state.turns.map((turn) => turn.join(".")).join("~"));
  if (state.pace !== null) parts.set("pace", general(state.pace));
  return parts.toString().replaceAll("%2C", ",").replaceAll("%7E", "~"); // both are allowed there
}

/** The state in a query, and a sentence for everything in it that is none. */
export function fromQuery(known: Known, query: string): { state: State; bad: string[] } {
  const parts = new URLSearchParams(query);
  const state: State = { knobs: defaults(known), turns: [], pace: null };
  const bad: string[] = [];
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof KnobError)) throw error;
      bad.push(error.message);
    }
  };
  for (const [name, text] of parts) {
    const knob = known[name];
    if (knob) attempt(() => (state.knobs[name] = read(knob, text)));
  }
  for (const text of (parts.get("turns") ?? "").split("~").filter(Boolean)) {
    attempt(() => state.turns.push(readTurn(known, text)));
  }
  const pace = parts.get("pace");
  if (pace !== null) {
    const steps = Number(pace);
    if (pace.trim() && steps >= 0 && Number.isFinite(steps)) state.pace = steps;
    else bad.push(phrase("pace cannot be '{pace}': it must be steps a second, or 0 for full speed.", { pace }));
  }
  return { state, bad };
}

/** The turns of both lists in their order; where both turn a knob at a step, the later list says. */
export function merge(planned: Turn[], done: Turn[]): Turn[] {
  const all = new Map([...planned, ...done].map((turn) => [`${turn[0]} ${turn[1]}`, turn]));
  return [...all.values()].sort((a, b) => a[0] - b[0]);
}

/** The state after these turns. Of a knob that only looks, where it stands is enough. */
export function turned(known: Known, state: State, done: Turn[]): State {
  const looks = done.filter(([, name]) => known[name]?.looks);
  const rest = done.filter((turn) => !looks.includes(turn));
  const knobs = { ...state.knobs, ...Object.fromEntries(looks.map(([, name, value]) => [name, value])) };
  return { ...state, knobs, turns: merge(state.turns, rest) };
}

function readTurn(known: Known, text: string): Turn {
  const found = /^(\d+)\.(\w+)\.(.*)$/s.exec(text);
  const knob = found ? known[found[2]!] : undefined;
  if (!found || !knob?.live) {
    throw new KnobError(phrase("turns cannot hold '{text}': each reads like 120.lr.0.03, of a live knob.", { text }));
  }
  return [Number(found[1]), knob.name, read(knob, found[3]!)];
}
