import assert from "node:assert/strict";
import { test } from "node:test";
import { bands, markers, type Track } from "../src/lab/bands.ts";
import { Scalars } from "../src/series.ts";

function scalars(rows: Record<string, number[]>): Scalars {
  const made = new Scalars();
  for (const [name, values] of Object.entries(rows)) {
    made.add({
      type: "scalars", names: [name],
      steps: { data: Int32Array.from(values.keys()), shape: [values.length] },
      values: { data: Float64Array.from(values), shape: [1, values.length] },
    });
  }
  return made;
}

function track(rows: Record<string, number[]>, changes: Partial<Track> = {}): Track {
  return { scalars: scalars(rows), step: 2, of: 10, past: null, bounds: [], ...changes };
}
const all = () => true;

test("numbers that belong together share a band, and what was not trained on stands out", () => {
  const [loss, accuracy] = bands(track({ loss: [3, 2, 1], val_loss: [3, 3, 2], val_accuracy: [0.2, 0.4, 0.9] }), all, new Set());
  assert.deepEqual(loss!.curves.map(({ tone }) => tone), ["second", "main"]);
  assert.deepEqual(accuracy!.curves.map(({ tone, label }) => [tone, label]), [["main", ""]]);
});

test("a band holds every value of its curves, and its promise", () => {
  const bounds = [{ metric: "gap", relation: "<=", value: 0.5 }];
  const [gap] = bands(track({ gap: [9, 7, 6] }, { bounds }), all, new Set());
  assert.ok(gap!.low <= 0.5 && gap!.high >= 9);
  assert.deepEqual(gap!.goals, bounds);
});

test("an accuracy is seen on a scale that ends at one", () => {
  for (const [least, low] of [[0.1, 0], [0.7, 0.5]] as const) {
    const [one] = bands(track({ val_accuracy: [least, 0.9] }), all, new Set());
    assert.deepEqual([one!.low, one!.high], [low, 1]);
  }
});

test("only what is greater than nothing has a logarithm", () => {
  const logs = new Set(["loss", "height"]);
  const [loss, height] = bands(track({ loss: [100, 1], height: [5, -5] }), all, logs);
  assert.ok(loss!.log && loss!.canLog);
  assert.deepEqual([loss!.low, loss!.high], [0, 2]);
  assert.ok(!height!.log && !height!.canLog);
});

test("the curves of before stay while the run that goes on has none yet", () => {
  const past = { scalars: scalars({ loss: [4, 3] }), last: 1, forked: null };
  const [loss] = bands(track({}, { past }), all, new Set());
  assert.equal(loss!.curves[0]!.series, undefined);
  assert.equal(loss!.curves[0]!.past!.last, 3);
});

test("a knob that was slid is one mark, from where it began to where it came", () => {
  const turns: [number, string, string][] = [[100, "lr", "0.02"], [103, "lr", "0.05"], [500, "lr", "0.1"], [500, "batch", "8"]];
  assert.deepEqual(markers({ lr: "0.01", batch: "8" }, turns, 1000), [
    { step: 100, knob: "lr", from: "0.01", to: "0.05" },
    { step: 500, knob: "lr", from: "0.05", to: "0.1" },
  ]);
});

test("a band holds the sketch of its first curve", () => {
  const sketch = { draw: "curve" as const, of: "loss", x: [0, 9] as [number, number], y: [1, 900] as [number, number], log: true, points: [[0, 900], [9, 1]] as [number, number][] };
  const [loss, gap] = bands(track({ loss: [30, 20, 10], gap: [3, 2, 1] }), all, new Set(["loss"]), sketch);
  assert.equal(loss!.sketch, sketch);
  assert.ok(loss!.low <= 0 && loss!.high >= Math.log10(900));
  assert.equal(gap!.sketch, null);
});
