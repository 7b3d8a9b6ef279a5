import assert from "node:assert/strict";
import { test } from "node:test";
import { append } from "../src/exercise/printed.ts";

test("text goes on where it stopped", () => {
  assert.equal(append("a\nb", "c\nd"), "a\nbc\nd");
});

test("a carriage return prints over the line, as a progress bar does", () => {
  assert.equal(append("step 1\n10 %", "\r20 %"), "step 1\n20 %");
  assert.equal(append("", "long line\rshort"), "shortline");
  assert.equal(append("", "10 %\r20 %\r\nnext"), "20 %\nnext");
});
