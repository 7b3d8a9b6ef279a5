import assert from "node:assert/strict";
import { test } from "node:test";
import { atSlot, KnobError, read, readPoints, slots, toSlot, write, type Knob } from "../src/knobs.ts";

function knob(changes: Partial<Knob>): Knob {
  return {
    name: "lr", kind: "number", default: 0.1, help: "", live: true, looks: false, low: 0, high: 1,
    log: false, whole: false, options: [], ...changes,
  };
}

const lr = knob({ low: 1e-4, high: 1, log: true });
const seed = knob({ name: "seed", whole: true, low: 0, high: 9999 });
const width = knob({ name: "width", whole: true, low: 1, high: 16 });
const points = knob({ name: "points", kind: "points", low: -1, high: 1 });

test("a number is read as a person types it and written as the server writes it", () => {
  const cases: [Knob, string, string][] = [
    [lr, " 0.30 ", "0.3"], [lr, "1e-3", "0.001"], [lr, ".5", "0.5"], [lr, "1e-4", "0.0001"],
    [seed, "1_000", "1000"], [seed, "7.0", "7"], [width, "16", "16"],
  ];
  for (const [one, text, expected] of cases) assert.equal(read(one, text), expected);
});

test("what a knob cannot be is refused with the knob, the value and what is possible", () => {
  const cases: [Knob, string][] = [
    [lr, "2"], [lr, ""], [lr, "quick"], [lr, "nan"], [lr, "0x1"], [lr, "0,1"], [seed, "1.5"],
    [seed, "-1"], [points, "0,0"], [points, "2,0,1"], [points, "0,0,10"], [points, "0,0,0.5"],
  ];
  for (const [one, text] of cases) assert.throws(() => read(one, text), KnobError, text);
  assert.throws(() => read(lr, "2"), {
    message: "lr cannot be '2': it must be a number from 0.0001 to 1.",
  });
});

test("a switch understands the words for on and off", () => {
  const one = knob({ kind: "switch" });
  assert.deepEqual(["on", "TRUE", "1", "off", "no"].map((text) => read(one, text)), ["on", "on", "on", "off", "off"]);
  assert.throws(() => read(one, "perhaps"), KnobError);
});

test("a choice takes its options and nothing else", () => {
  const one = knob({ kind: "choice", options: ["tanh", "relu"] });
  assert.equal(read(one, "relu"), "relu");
  assert.throws(() => read(one, "Relu"), /one of tanh, relu/);
});

test("points keep three digits and their class", () => {
  assert.equal(read(points, "0.12345,-0.5,1  0,1,0"), "0.123,-0.5,1 0,1,0");
  assert.equal(write(points, readPoints("0.5,0.25,1")), "0.5,0.25,1");
  assert.equal(read(points, ""), "");
});

test("the ends of a slider are the ends of the range", () => {
  for (const one of [lr, seed, width, knob({ low: -3, high: 7 })]) {
    assert.equal(atSlot(one, 0), one.low);
    assert.equal(atSlot(one, slots(one)), one.high);
  }
});

test("a slider of a small whole range has one step for each value", () => {
  assert.equal(slots(width), 15);
  const values = Array.from({ length: 16 }, (_, i) => atSlot(width, i));
  assert.deepEqual(values, Array.from({ length: 16 }, (_, i) => i + 1));
});

test("every value of a slider is one that the knob takes, and none goes down", () => {
  for (const one of [lr, seed, width, knob({ low: 0, high: 0.3 }), knob({ low: 1e-5, high: 10, log: true })]) {
    let before = -Infinity;
    for (let slot = 0; slot <= slots(one); slot++) {
      const value = atSlot(one, slot);
      assert.equal(Number(read(one, write(one, value))), value);
      assert.ok(value >= before, `${one.name} at ${slot}`);
      before = value;
    }
  }
});

test("a value finds its place on the slider again", () => {
  for (const one of [width, lr]) {
    for (let slot = 0; slot <= slots(one); slot++) {
      assert.ok(Math.abs(toSlot(one, atSlot(one, slot)) - slot) <= 1, `${one.name} at ${slot}`);
    }
  }
});

test("equal ratios lie equally far apart on a slider of ratios", () => {
  const middle = atSlot(lr, slots(lr) / 2);
  assert.ok(Math.abs(middle - 0.01) < 1e-9);
});

test("a picture is the letters of a small JPEG, or nothing", () => {
  const photo = knob({ name: "photo", kind: "picture", default: "" });
  for (const text of ["", "_9j_4AAQ", `_9j_${"aB3-".repeat(1023)}`]) assert.equal(read(photo, text), text);
  for (const text of ["cat.jpg", "_9j_a/b", "_9j_a=", "iVBORw0KGgo", `_9j_${"a".repeat(4093)}`]) {
    assert.throws(() => read(photo, text), (error: Error) => error instanceof KnobError && error.message.length < 200);
  }
});

test("points stand apart by spaces, or by semicolons where a space would end them", () => {
  assert.deepEqual(readPoints("0.5,1,0;-1,0,1"), readPoints("0.5,1,0 -1,0,1"));
});
