/** Only time in which somebody is there counts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, IDLE_AFTER } from "../src/clock.ts";

test("seconds count while the page is in sight and something moved lately", () => {
  const clock = new Clock(0);
  assert.equal(clock.look(1000, true), 1);
  assert.equal(clock.look(2000, false), 0);
  assert.equal(clock.look(3000, true), 1);
});

test("a visit that idles is not counted until something moves again", () => {
  const clock = new Clock(0);
  let counted = 0;
  for (let now = 1000; now <= 3 * IDLE_AFTER; now += 1000) counted += clock.look(now, true);
  assert.equal(counted, IDLE_AFTER / 1000 - 1);
  clock.move(3 * IDLE_AFTER);
  assert.equal(clock.look(3 * IDLE_AFTER + 1000, true), 1);
});

test("a computer that slept is not counted when the pointer wakes it", () => {
  const clock = new Clock(0);
  const morning = 8 * 3600 * 1000;
  clock.move(morning);
  assert.ok(clock.look(morning, true) <= 5);
});
