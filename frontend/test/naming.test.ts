import assert from "node:assert/strict";
import { test } from "node:test";
import { spots, type Named, type Place } from "../src/draw/naming.ts";

const room = { left: 0, top: 0, right: 400, bottom: 300 };
const curve = (name: string, y: (x: number) => number): Named => ({
  name, width: 60, path: Array.from({ length: 41 }, (_, i): Place => [10 * i, y(10 * i)]),
});

test("a name stands beside its own curve, inside the picture, and off every other name", () => {
  const all = [curve("low", (x) => 250 - x / 10), curve("high", (x) => 60 + x / 10), curve("middle", () => 150)];
  const found = spots(all, room);
  found.forEach((spot, i) => {
    assert.ok(spot && spot.x >= 0 && spot.x + 60 <= 400);
    const near = all.map(({ path }) => Math.min(...path.map(([x, y]) => Math.hypot(x - (spot.x + 30), y - spot.y))));
    assert.equal(near.indexOf(Math.min(...near)), i);
  });
});

test("a name for which there is no room is not written", () => {
  const lines = Array.from({ length: 12 }, (_, i) => curve(`line ${i}`, () => 20 + 4 * i));
  assert.ok(spots(lines, room).filter((spot) => spot === null).length >= 8);
  const [one] = [curve("one", () => 150)];
  const crowd = Array.from({ length: 75 }, (_, i) => curve("", () => 4 * i).path);
  assert.deepEqual(spots([one], room, new Map(), crowd), [null]);
  assert.deepEqual(spots([curve("none", () => NaN)], room), [null]);
});

test("a name stays where it is while its curve moves a little", () => {
  const first = spots([curve("one", (x) => 150 + 20 * Math.sin(x / 40))], room)[0]!;
  const next = spots([curve("one", (x) => 151 + 20 * Math.sin(x / 40 + 0.05))], room, new Map([["one", first]]))[0]!;
  assert.deepEqual([next.share, next.side], [first.share, first.side]);
});
