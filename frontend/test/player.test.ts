import assert from "node:assert/strict";
import { test } from "node:test";
import { between } from "../src/lab/player.ts";
import type { ScalarsMessage } from "../src/messages.ts";

const block: ScalarsMessage = {
  type: "scalars",
  names: ["loss", "accuracy"],
  steps: { data: Int32Array.of(3, 4, 5, 6), shape: [4] },
  values: { data: Float64Array.of(30, 40, 50, 60, 0.3, 0.4, 0.5, 0.6), shape: [2, 4] },
};

test("a recording is told step by step, every number once", () => {
  const some = between(block, 3, 5)!;
  assert.deepEqual([...some.steps.data], [4, 5]);
  assert.deepEqual([...some.values.data], [40, 50, 0.4, 0.5]);
  assert.deepEqual(some.values.shape, [2, 2]);
  assert.equal(between(block, 6, 9), null);
});
