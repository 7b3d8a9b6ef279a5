import assert from "node:assert/strict";
import { test } from "node:test";
import { Run } from "../src/lab/run.ts";
import { situation } from "../src/lab/states.ts";
import { Travel } from "../src/lab/travel.ts";
import type { FrameMessage, StateMessage, StateName } from "../src/messages.ts";

const frame = (step: number): FrameMessage => ({ type: "frame", step, of: 100, numbers: {}, views: {} });
const state = (name: StateName, step: number, changes: Partial<StateMessage> = {}): StateMessage => {
  return { type: "state", state: name, step, of: 100, why: "", seconds: 0, ...changes };
};

/** A run that is paused at a step, and has shown every tenth frame. */
function standing(step: number): { run: Run; travel: Travel } {
  const run = new Run();
  const travel = new Travel(run);
  run.hear({ type: "run", id: "a", experiment: "e", version: "v", knobs: {}, pace: 0, turns: [] });
  for (let at = 0; at <= step; at += 10) {
    run.hear(frame(at));
    travel.keep(frame(at), 1);
  }
  run.hear(state("paused", step));
  return { run, travel };
}

test("forward a run takes the steps, back it runs again, and where it stands it stays", () => {
  const { travel } = standing(50);
  assert.deepEqual(travel.way(50), { kind: "here" });
  assert.deepEqual(travel.way(70), { kind: "on", steps: 20 });
  assert.deepEqual(travel.way(20), { kind: "again" });
  assert.equal(travel.way(20), null); // it is on its way there already
});

test("on the way back nobody looks, and what was recorded stays until it is reached", () => {
  const { run, travel } = standing(50);
  travel.way(20);
  assert.ok(travel.passes(frame(10)) && !travel.passes(frame(20)));
  assert.equal(travel.at, 20);
  run.begin({ type: "run", id: "b", experiment: "e", version: "v", knobs: {}, pace: 0, turns: [] });
  travel.arrive(state("paused", 0)); // it was paused before it got there
  assert.ok(travel.onTheWay);
  run.hear(frame(20));
  travel.arrive(state("paused", 20));
  assert.ok(!travel.onTheWay);
  assert.equal(travel.last, 50);
});

test("a run that ends on its way back is on its way no more", () => {
  const { travel } = standing(50);
  travel.way(20);
  travel.arrive(state("failed", 3));
  assert.ok(!travel.onTheWay);
});

test("a turned knob parts the run from what was recorded; a second one changes nothing about that", () => {
  const { run, travel } = standing(50);
  travel.way(20);
  run.begin({ type: "run", id: "b", experiment: "e", version: "v", knobs: {}, pace: 0, turns: [] });
  run.hear(frame(20));
  travel.arrive(state("paused", 20));
  assert.equal(travel.fork(), true);
  assert.deepEqual([travel.past?.forked, travel.last], [20, 20]);
  assert.equal(travel.fork(), false);
});

test("dragging shows what was seen, and the playhead is where it is held", () => {
  const { travel } = standing(50);
  assert.equal(travel.scrub(34)!.step, 30);
  assert.equal(travel.at, 34);
});

test("what stands in the place of a picture is the state of the run", () => {
  assert.deepEqual(situation(null), { kind: "loading" });
  assert.deepEqual(situation(state("queued", 0, { place: 3 })), { kind: "queued", place: 3 });
  assert.deepEqual(situation(state("queued", 0, { place: 0 })), { kind: "loading" });
  assert.deepEqual(situation(state("failed", 0, { cause: "input", instead: { data: "shapes" } })), { kind: "offline" });
  assert.deepEqual(situation(state("failed", 9, { cause: "diverged", instead: { lr: "0.1" } })), { kind: "failed" });
});
