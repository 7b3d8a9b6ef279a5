import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, letters, place, stroke } from "../src/draw/network.ts";
import type { GraphView } from "../src/messages.ts";

function graph(...sizes: number[]): GraphView {
  return { layers: sizes.map((size, i) => Array.from({ length: size }, (_, j) => `n${i}${j}`)) } as unknown as GraphView;
}

test("nodes lie inside the picture, and none on another", () => {
  for (const width of [320, 390, 560, 900]) {
    for (const sizes of [[2, 1], [2, 8, 8, 8, 1], [7, 16, 16, 16, 16, 16, 16, 1], [1]]) {
      const { nodes, size, height } = place(graph(...sizes), width);
      assert.equal(nodes.length, sizes.reduce((a, b) => a + b));
      for (const [i, one] of nodes.entries()) {
        assert.ok(one.x - size / 2 >= 0 && one.x + size / 2 <= width, `${width}: x ${one.x}`);
        assert.ok(one.y - size / 2 >= 0 && one.y + size / 2 <= height, `${width}: y ${one.y}`);
        for (const other of nodes.slice(i + 1)) {
          const apart = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));
          assert.ok(apart >= size, `${width} ${sizes.join()}: ${one.label} on ${other.label}`);
        }
      }
    }
  }
});

test("boxes of words never lie on another, and are wide enough for their words", () => {
  for (const width of [320, 390, 900]) {
    for (const sizes of [[2, 1], [6, 4, 2, 4, 2, 2, 1, 1], [1]]) {
      const view = graph(...sizes);
      view.notes = view.layers.flat().map((_, i) => (i ? "12.5" : "= -0.123\n∂ 1.5"));
      const { nodes, size, tall, width: across, height } = place(view, width, letters(view));
      assert.ok(size >= 8 * 6 && tall >= 3 * 12, "three lines of eight letters");
      assert.ok(across >= width);
      for (const [i, one] of nodes.entries()) {
        assert.ok(one.x - size / 2 >= 0 && one.x + size / 2 <= across, `${width}: x ${one.x}`);
        assert.ok(one.y - tall / 2 >= 0 && one.y + tall / 2 <= height, `${width}: y ${one.y}`);
        for (const other of nodes.slice(i + 1)) {
          const clear = Math.abs(one.x - other.x) >= size || Math.abs(one.y - other.y) >= tall;
          assert.ok(clear, `${width} ${sizes.join()}: ${one.label} on ${other.label}`);
        }
      }
    }
  }
});

test("the distance to an edge is nought on it and grows away from it", () => {
  const from = { x: 0, y: 0, layer: 0, label: "" };
  const to = { x: 100, y: 60, layer: 1, label: "" };
  assert.ok(distance(from, to, 20, 50, 30) < 0.1, "the middle of the curve");
  assert.ok(distance(from, to, 20, 11, 0) < 1);
  assert.ok(distance(from, to, 20, 50, 45) > 5);
  assert.equal(distance(from, to, 20, 2, 0), Infinity);
});

test("a heavier edge is wider", () => {
  assert.ok(stroke(-2) > stroke(1) && stroke(1) > stroke(0) && stroke(0) > 0);
});
