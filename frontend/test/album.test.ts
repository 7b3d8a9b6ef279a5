import assert from "node:assert/strict";
import { test } from "node:test";
import { Album } from "../src/lab/album.ts";
import type { FrameMessage } from "../src/messages.ts";

const frame = (step: number): FrameMessage => ({ type: "frame", step, of: 100_000, numbers: {}, views: {} });

test("dragging shows the latest frame that is not after the step", () => {
  const album = new Album();
  for (const step of [0, 10, 20]) album.add(frame(step), 1);
  assert.deepEqual([0, 9, 10, 15, 99].map((step) => album.at(step)!.step), [0, 0, 10, 10, 20]);
  assert.equal(new Album().at(3), null);
});

test("however long a run is, the album stays small and reaches from the first step to near the last", () => {
  const album = new Album();
  for (let step = 0; step < 5000; step++) album.add(frame(step), 1);
  assert.equal(album.at(0)!.step, 0);
  assert.ok(album.at(4999)!.step > 4900);
  const kept = new Set(Array.from({ length: 5000 }, (_, step) => album.at(step)!.step));
  assert.ok(kept.size <= 240 && kept.size > 100);
});

test("another future takes the place of the one that was seen", () => {
  const album = new Album();
  for (const step of [0, 10, 20, 30]) album.add(frame(step), 1);
  album.dropFrom(11);
  assert.equal(album.at(30)!.step, 10);
  album.add(frame(12), 1);
  assert.equal(album.at(30)!.step, 12);
});

test("large frames are given up earlier", () => {
  const album = new Album();
  for (let step = 0; step < 100; step++) album.add(frame(step), 4e6);
  const kept = new Set(Array.from({ length: 100 }, (_, step) => album.at(step)!.step));
  assert.ok(kept.size <= 12);
});
