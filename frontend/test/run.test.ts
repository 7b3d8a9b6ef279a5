import assert from "node:assert/strict";
import { test } from "node:test";
import type { Knob } from "../src/knobs.ts";
import { Run } from "../src/lab/run.ts";
import type { FrameMessage, StateMessage } from "../src/messages.ts";

const state = (name: "paused" | "running", step: number): StateMessage => {
  return { type: "state", state: name, step, of: 10, why: "", seconds: 0 };
};
const frame = (step: number): FrameMessage => ({ type: "frame", step, of: 10, numbers: {}, views: {} });

test("a paused run that makes a single step is paused at that step", () => {
  const run = new Run();
  run.hear(state("paused", 3));
  run.hear(frame(4));
  assert.equal(run.state!.step, 4);
  assert.equal(run.state!.state, "paused");
});

test("what a running run said of itself stays as it was said", () => {
  const run = new Run();
  run.hear(state("running", 3));
  run.hear(frame(4));
  assert.equal(run.state!.step, 3);
  assert.equal(run.step, 4);
});

test("after the end only knobs that look can be turned, while the process rests", () => {
  const knob = (live: boolean, looks: boolean): Knob => ({
    name: "k", kind: "switch", default: false, help: "", live, looks, low: 0, high: 0, log: false, whole: false, options: [],
  });
  const run = new Run();
  const takes = () => [knob(false, false), knob(true, false), knob(true, true)].map((one) => run.takes(one));
  assert.deepEqual(takes(), [false, false, false]);
  run.hear({ type: "run", id: "a", experiment: "e", version: "v", knobs: {}, pace: 0, turns: [] });
  run.hear(state("running", 3));
  assert.deepEqual(takes(), [false, true, true]);
  run.hear({ ...state("running", 10), state: "finished", rests: true });
  assert.deepEqual(takes(), [false, false, true]);
  run.hear({ ...state("running", 10), state: "finished", rests: false });
  assert.deepEqual(takes(), [false, false, false]);
});

test("how many threads a run got is known until another begins", () => {
  const run = new Run();
  run.hear({ ...state("running", 0), threads: 1 });
  run.hear({ type: "state", state: "stopped", step: 0, of: 0, why: "", seconds: 0 });
  assert.equal(run.threads, 1);
  run.hear({ type: "run", id: "b", experiment: "e", version: "v", knobs: {}, pace: 0, turns: [] });
  assert.equal(run.threads, 0);
});
