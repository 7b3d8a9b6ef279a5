import assert from "node:assert/strict";
import { test } from "node:test";

const texts = { "step {step} of {of}": "von {of} der Schritt {step}", wrong: "falsch" };
Object.assign(globalThis, {
  document: { getElementById: (id: string) => (id === "words" ? { textContent: JSON.stringify(texts) } : null) },
});
const { phrase } = await import("../src/words.ts"); // it looks into the page as it is loaded

test("a text is said in the language that the page brings, with its places filled", () => {
  assert.equal(phrase("step {step} of {of}", { step: 3, of: 9 }), "von 9 der Schritt 3");
  assert.equal(phrase("wrong"), "falsch");
});

test("what the page does not bring stays English", () => {
  assert.equal(phrase("class {number}", { number: 2 }), "class 2");
});

test("a value is taken as it is, whatever stands in it", () => {
  assert.equal(phrase("back to {value}", { value: "{of} $& wrong" }), "back to {of} $& wrong");
});
