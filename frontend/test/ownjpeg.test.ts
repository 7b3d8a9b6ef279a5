import assert from "node:assert/strict";
import { test } from "node:test";
import { LARGEST, letters, refusal, shrinkings, SIDE, source } from "../src/lab/ownjpeg.ts";

test("a picture becomes smaller by halves at most, and ends at its side", () => {
  for (const side of [1, 30, 64, 65, 127, 128, 129, 1000, 6000]) {
    const sides = shrinkings(side);
    assert.equal(sides.at(-1), SIDE);
    let before = side;
    for (const next of sides) {
      assert.ok(next >= before / 2 && (next < before || next === SIDE), `${before} to ${next}`);
      before = next;
    }
  }
});

test("letters of a JPEG go into a link and come out as the same bytes", () => {
  const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...Array.from({ length: 251 }, (_, i) => i)]);
  const url = `data:image/jpeg;base64,${Buffer.from(bytes).toString("base64")}`;
  const text = letters(url);
  assert.match(text, /^_9j_[\w-]+$/);
  assert.deepEqual(new Uint8Array(Buffer.from(source(text).split(",")[1]!, "base64")), bytes);
  assert.equal(text, Buffer.from(bytes).toString("base64url"));
});

test("what is no JPEG, or too large for a link, has no letters", () => {
  assert.equal(letters("data:image/png;base64,iVBORw0KGgo="), "");
  assert.equal(letters("data:,"), "");
  assert.equal(letters(`data:image/jpeg;base64,/9j/${"a".repeat(4093)}`), "");
});

test("a file that cannot be read is answered with what to do", () => {
  assert.match(refusal({ size: LARGEST + 1, type: "image/png" }), /at most 50 MB/);
  assert.match(refusal({ size: 9, type: "", name: "IMG_1.HEIC" }), /HEIC/);
  assert.match(refusal({ size: 9, type: "image/heif" }), /HEIC/);
  assert.match(refusal({ size: 9, type: "text/plain", name: "a.txt" }), /JPEG, PNG or WebP/);
});
