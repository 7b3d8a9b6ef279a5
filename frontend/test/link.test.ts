import assert from "node:assert/strict";
import { test } from "node:test";
import type { Knob } from "../src/knobs.ts";
import { defaults, fromQuery, merge, toQuery, turned, type Known, type State } from "../src/link.ts";

const base = { help: "", looks: false, low: 0, high: 1, log: false, whole: false, options: [] as string[] };
const known: Known = Object.fromEntries(
  (
    [
      { ...base, name: "lr", kind: "number", default: 0.1, live: true },
      { ...base, name: "data", kind: "choice", default: "xor", live: false, options: ["xor", "moons"] },
      { ...base, name: "points", kind: "points", default: [], live: true, low: -1 },
      { ...base, name: "widths", kind: "text", default: "", live: false },
      { ...base, name: "image", kind: "number", default: 0, live: true, looks: true, whole: true, high: 9 },
      { ...base, name: "x1", kind: "switch", default: true, live: false },
    ] satisfies Knob[]
  ).map((one) => [one.name, one]),
);

test("a state with nothing changed has an empty query", () => {
  assert.equal(toQuery(known, { knobs: defaults(known), turns: [], pace: null }), "");
});

test("a state survives the way through its link", () => {
  const states: State[] = [
    { knobs: { ...defaults(known), lr: "0.025", data: "moons" }, turns: [], pace: 0 },
    { knobs: { ...defaults(known), points: "0.5,-0.25,1 0,0,0", x1: "off" }, turns: [], pace: 2.5 },
    { knobs: { ...defaults(known), widths: "8 4 & 2=ü" }, turns: [[0, "lr", "0.3"], [120, "lr", "0.003"]], pace: null },
    { knobs: defaults(known), turns: [[7, "points", "0.1,0.2,1 -1,1,0"]], pace: null },
  ];
  for (const state of states) {
    assert.deepEqual(fromQuery(known, toQuery(known, state)), { state, bad: [] });
  }
});

test("what a link says wrongly is replaced by the default, and said", () => {
  const { state, bad } = fromQuery(known, "lr=9&data=moons&turns=5.lr.0.2~x.lr.1~3.data.xor&pace=soon&other=1");
  assert.equal(state.knobs["lr"], "0.1");
  assert.equal(state.knobs["data"], "moons");
  assert.deepEqual(state.turns, [[5, "lr", "0.2"]]);
  assert.equal(state.pace, null);
  assert.equal(bad.length, 4);
  assert.match(bad[0]!, /lr cannot be '9'/);
});

test("turns that lie ahead stay in the link while others are made", () => {
  const planned: [number, string, string][] = [[216, "lr", "0.05"], [10, "lr", "0.2"]];
  assert.deepEqual(merge(planned, [[10, "lr", "0.3"], [117, "lr", "0.01"]]), [
    [10, "lr", "0.3"], [117, "lr", "0.01"], [216, "lr", "0.05"],
  ]);
});

test("commas and tildes can be read in a link", () => {
  const state: State = { knobs: { ...defaults(known), points: "0,0,1 1,1,0" }, turns: [[1, "lr", "0.2"], [2, "lr", "0.3"]], pace: null };
  assert.equal(toQuery(known, state), "points=0,0,1+1,1,0&turns=1.lr.0.2~2.lr.0.3");
});

test("of a knob that only looks the link holds where it stands, of others when they were turned", () => {
  const before: State = { knobs: defaults(known), turns: [[300, "lr", "0.5"]], pace: null };
  const after = turned(known, before, [[10, "lr", "0.2"], [20, "image", "3"], [90, "image", "7"]]);
  assert.equal(toQuery(known, after), "image=7&turns=10.lr.0.2~300.lr.0.5");
  assert.equal(before.knobs["image"], "0");
});
