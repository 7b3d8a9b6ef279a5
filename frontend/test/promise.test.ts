import assert from "node:assert/strict";
import { test } from "node:test";
import type { Knob } from "../src/knobs.ts";
import { fitting, inTheWay, reached, verdict, type Promised } from "../src/lab/promise.ts";
import { Scalars } from "../src/series.ts";

const knob = (name: string, changes: Partial<Knob>): Knob => ({
  name, kind: "number", default: 0.1, help: "", live: true, looks: false, low: 0, high: 10, log: false, whole: false, options: [], ...changes,
});
const known = {
  data: knob("data", { kind: "choice", default: "moons", options: ["moons", "blobs", "mine"] }),
  lr: knob("lr", {}),
  image: knob("image", { looks: true, default: 0, whole: true }),
  seed: knob("seed", { default: 0, whole: true, high: 99 }),
};
const values = { data: "moons", lr: "0.1", image: "0", seed: "0" };
const bounds = [{ metric: "val_accuracy", relation: ">=", value: 0.9 }];
const promised = (when: Record<string, string>): Promised => ({ bounds, when, free: [], note: "" });
const both = [promised({ data: "moons" }), promised({ data: "blobs" })];

function accuracies(...values: number[]): Scalars {
  const made = new Scalars();
  made.add({
    type: "scalars", names: ["val_accuracy"],
    steps: { data: Int32Array.from(values, (_, i) => 10 * i), shape: [values.length] },
    values: { data: Float64Array.from(values), shape: [1, values.length] },
  });
  return made;
}

test("the promise of the knobs as they stand is told; the seed and what only looks are free", () => {
  assert.equal(fitting(both, known, values, []), both[0]);
  assert.equal(fitting(both, known, { ...values, data: "blobs", seed: "7", image: "3" }, []), both[1]);
  assert.equal(fitting(both, known, { ...values, data: "mine" }, []), null);
  assert.equal(fitting(both, known, { ...values, lr: "0.2" }, []), null);
});

test("a knob that was turned on the way ends the promise, also when it was turned back", () => {
  assert.equal(fitting(both, known, values, ["lr"]), null);
  assert.deepEqual(inTheWay(both, known, values, ["lr"]), ["learning rate"]);
});

test("a run is there since the step after which it never fell back", () => {
  assert.equal(reached(bounds, accuracies(0.95, 0.8, 0.92, 0.93)), 20);
  assert.equal(reached(bounds, accuracies(0.95, 0.8)), null);
  assert.equal(reached(bounds, new Scalars()), null);
});

test("the verdict is about the end", () => {
  const finished = { type: "state" as const, state: "finished" as const, step: 30, of: 30, why: "", seconds: 1, kept: false, bounds };
  assert.match(verdict(both[0]!, [], finished, accuracies(0.5))!.said, /broke it/);
  assert.match(verdict(both[0]!, [], { ...finished, kept: true }, accuracies(0.95))!.said, /kept it/);
  assert.match(verdict(both[0]!, [], null, accuracies(0.95))!.said, /there since step 0/);
  assert.match(verdict(null, ["learning rate"], null, accuracies(0.95))!.said, /with learning rate turned nothing is promised/);
});
