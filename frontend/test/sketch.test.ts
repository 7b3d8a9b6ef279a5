import assert from "node:assert/strict";
import { test } from "node:test";
import { asLine, fromShare, grown, handles, moved, read, thinned, toShare, write, type Canvas, type Place } from "../src/sketch/path.ts";

const curve: Canvas = { draw: "curve", of: "loss", x: [0, 100], y: [1, 10000], log: true };
const border: Canvas = { draw: "border", of: "field", x: [-3, 3], y: [-3, 3], log: false };

test("a share and a place are the same, on a logarithmic scale too", () => {
  assert.deepEqual(toShare(border, [0, 3]), [0.5, 1]);
  assert.deepEqual(toShare(curve, [50, 100]), [0.5, 0.5]);
  assert.deepEqual(fromShare(curve, [0.5, 0.5]), [50, 100]);
  assert.deepEqual(fromShare(border, [2, -1]), [3, -3]); // kept within
});

test("a curve has one value at each step: going back draws anew", () => {
  const drawn = [[0, 1], [0.2, 0.8], [0.6, 0.5]] as Place[];
  assert.deepEqual(grown(curve, drawn, [0.4, 0.1]), [[0, 1], [0.2, 0.8], [0.4, 0.1]]);
  assert.equal(grown(border, drawn, [0.4, 0.1]).length, 4);
});

test("a long stroke keeps its ends and a few places between, in their order", () => {
  const stroke = Array.from({ length: 500 }, (_, i): Place => [i / 499, (i / 499) ** 2]);
  const few = thinned(stroke);
  assert.ok(few.length <= 40 && few.length > 30);
  assert.deepEqual([few[0], few.at(-1)], [stroke[0], stroke[499]]);
  assert.ok(few.every((one, i) => !i || one[0] > few[i - 1]![0]));
});

test("keys move one place, a curve's up and down only, and none leaves the picture", () => {
  const row = handles([]);
  assert.equal(row.length, 6);
  assert.equal(moved(curve, row, 0, "ArrowLeft"), null);
  assert.equal(moved(curve, row, 0, "a"), null);
  assert.equal(moved(curve, row, 2, "ArrowUp")![2]![1], 0.525);
  assert.equal(moved(border, row, 0, "ArrowLeft")![0]![0], 0);
  assert.deepEqual(moved(border, row, 1, "ArrowRight")![0], row[0]);
});

test("what is sent is short, is read again, and one place is no drawing", () => {
  const text = write(curve, [[0, 1], [1 / 3, 0.5]]);
  assert.equal(text, "0 10000, 33.33 100");
  assert.equal(write(curve, [[0, 1]]), "");
  assert.deepEqual(read(curve, text).map(([x]) => Math.round(1000 * x)), [0, 333]);
  assert.deepEqual(read(curve, ""), []);
});

test("a border is a curve in the axes of its view", () => {
  const line = asLine({ ...border, points: [[-3, 1], [3, 2]] }, "mine");
  assert.deepEqual([line.on, line.sketch, [...line.x.data], line.ys.shape], ["field", "mine", [-3, 3], [1, 2]]);
});
