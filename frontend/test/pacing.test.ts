import assert from "node:assert/strict";
import { test } from "node:test";
import { Pacing } from "../src/lab/pacing.ts";

test("nothing is said in the first second, then the time that is left", () => {
  const pacing = new Pacing();
  assert.equal(pacing.left(0, 100, 0), null);
  assert.equal(pacing.left(5, 100, 500), null);
  assert.equal(pacing.left(20, 100, 2000), 8);
  assert.equal(pacing.left(100, 100, 10000), null);
});

test("a run that starts again within a moment is measured anew", () => {
  const pacing = new Pacing();
  pacing.left(40, 100, 0);
  assert.equal(pacing.left(1, 100, 100), null);
  assert.equal(pacing.left(11, 100, 1100), 8.9);
});

test("a rest does not count as slowness", () => {
  const pacing = new Pacing();
  pacing.left(0, 100, 0);
  pacing.left(10, 100, 1000);
  pacing.rest();
  assert.equal(pacing.left(10, 100, 60000), null);
  assert.equal(pacing.left(20, 100, 61000), 8);
});
