import assert from "node:assert/strict";
import { test } from "node:test";

import type { ScalarsMessage } from "../src/messages.ts";
import { join, picked, Scalars, Series, thin, trend } from "../src/series.ts";

function series(values: number[], steps = values.map((_, i) => i)): Series {
  const made = new Series();
  values.forEach((value, i) => made.push(steps[i]!, value));
  return made;
}

function message(names: string[], steps: number[], rows: number[][]): ScalarsMessage {
  return {
    type: "scalars",
    names,
    steps: { data: Int32Array.from(steps), shape: [steps.length] },
    values: { data: Float64Array.from(rows.flat()), shape: [rows.length, steps.length] },
  };
}

test("what was not measured is no value", () => {
  const scalars = new Scalars();
  scalars.add(message(["loss", "val_loss"], [0, 1, 2], [[3, 2, 1], [NaN, 5, NaN]]));
  scalars.add(message(["loss"], [3], [[0.5]]));
  assert.equal(scalars.all.get("loss")!.length, 4);
  assert.deepEqual([...scalars.all.get("val_loss")!.steps.subarray(0, 1)], [1]);
  assert.equal(scalars.all.get("val_loss")!.at(0), NaN);
  assert.equal(scalars.all.get("val_loss")!.at(9), 5);
});

test("training and validation share a chart", () => {
  const scalars = new Scalars();
  scalars.add(message(["loss", "val_loss", "train_accuracy", "test_accuracy", "gap"], [0], [[1], [1], [1], [1], [1]]));
  assert.deepEqual([...scalars.charts()], [
    ["loss", ["loss", "val_loss"]],
    ["accuracy", ["train_accuracy", "test_accuracy"]],
    ["gap", ["gap"]],
  ]);
});

test("a figure may show one number of a chart without the others", () => {
  const charts = new Map([["accuracy", ["accuracy", "val_accuracy", "test_accuracy"]], ["gap", ["gap"]]]);
  const shown = (...names: string[]) => [...picked(charts, (name) => names.includes(name))];
  assert.deepEqual(shown("test_accuracy"), [["accuracy", ["test_accuracy"]]]);
  assert.deepEqual(shown("accuracy"), [["accuracy", ["accuracy", "val_accuracy", "test_accuracy"]]]);
  assert.deepEqual(shown("gap", "val_loss"), [["gap", ["gap"]]]);
});

test("thinning keeps every peak, the first and the last", () => {
  const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 900));
  values[31_415] = 9;
  values[70_001] = -9;
  const { x, y } = thin(series(values), 300);
  assert.ok(x.length <= 602);
  assert.ok(x.includes(31_415) && x.includes(70_001));
  assert.equal(Math.max(...y), 9);
  assert.equal(Math.min(...y), -9);
  assert.equal(x[0], 0);
  assert.equal(x[x.length - 1], 99_999);
  assert.ok(x.every((step, i) => i === 0 || step > x[i - 1]!), "steps only rise");
});

test("a short series is not thinned", () => {
  assert.deepEqual(thin(series([1, 5, 2], [0, 10, 30]), 300), { x: [0, 10, 30], y: [1, 5, 2] });
});

test("curves over different steps are joined over all of them", () => {
  const joined = join([{ x: [0, 1, 3], y: [1, 2, 3] }, { x: [1, 2], y: [8, 9] }]);
  assert.deepEqual(joined, [[0, 1, 2, 3], [1, 2, undefined, 3], [undefined, 8, 9, undefined]]);
});

test("a trend compares the end with a tenth of the way before", () => {
  const rise = Array.from({ length: 50 }, (_, i) => i);
  assert.equal(trend(series(rise)), "rising");
  assert.equal(trend(series(rise.map((one) => -one))), "falling");
  assert.equal(trend(series([...rise, ...new Array<number>(50).fill(49)])), "steady");
  assert.equal(trend(series([1])), "");
});

