import assert from "node:assert/strict";
import { test } from "node:test";

import { beside, kept, lastSeen } from "../src/draw/ends.ts";

const box = { left: 100, top: 50, width: 200, height: 100 };

test("a curve is named where it is seen last", () => {
  assert.deepEqual(lastSeen(box, [[100, 100], [200, 100]]), [200, 100]);
  assert.deepEqual(lastSeen(box, [[200, 100], [400, 200]]), [300, 150]); // it leaves by the corner
  assert.deepEqual(lastSeen(box, [[0, 100], [500, 100], [500, 900]]), [300, 100]); // right through
  assert.equal(lastSeen(box, [[0, 0], [500, 0], [0, 0]]), null);
  assert.equal(lastSeen(box, [[400, 60], [400, 70]]), null);
});

test("whatever has left the picture, its name stands wholly within", () => {
  for (const x of [-1e6, 90, 101, 200, 299, 310, 1e6]) {
    for (const y of [-1e6, 51, 100, 149, 1e6]) {
      const [left, base] = beside(box, kept(box, [x, y], 8), 40);
      assert.ok(left >= 104 && left + 40 <= 296, `x ${x}: ${left}`);
      assert.ok(base >= 62 && base <= 146, `y ${y}: ${base}`);
    }
  }
});
