import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, decimal, duration, general, grouped, measured, plain, spoken, tens, ticks, words } from "../src/numbers.ts";

test("numbers in links are written as Python writes them", () => {
  const cases: [number, string, string][] = [
    [0.1, "0.1", "0.1"],
    [0.0001, "0.0001", "0.0001"],
    [1e-5, "1e-05", "1e-05"],
    [123456, "123456", "1.23e+05"],
    [1234567, "1.23457e+06", "1.23e+06"],
    [0.00012345678, "0.000123457", "0.000123"],
    [1 / 3, "0.333333", "0.333"],
    [100, "100", "100"],
    [-2.5e-7, "-2.5e-07", "-2.5e-07"],
    [999999.5, "1e+06", "1e+06"],
    [1e22, "1e+22", "1e+22"],
    [12345.678, "12345.7", "1.23e+04"],
    [0, "0", "0"],
    [-0, "-0", "-0"],
  ];
  for (const [value, six, three] of cases) {
    assert.equal(general(value), six);
    assert.equal(general(value, 3), three);
  }
});

test("numbers in sentences have a true minus sign and no letters", () => {
  assert.equal(spoken(-0.5), "−0.5");
  assert.equal(spoken(1.5e-7), "1.5 × 10⁻⁷");
  assert.equal(spoken(-1e-6), "−10⁻⁶");
  assert.equal(spoken(12000), "12\u202f000");
  assert.equal(spoken(NaN), "not a number");
  assert.equal(grouped(-1234567), "−1\u202f234\u202f567");
  assert.equal(plain(1e-5), "0.00001");
  assert.equal(plain(2000), "2000");
});

test("ticks are round, inside, and about as many as asked for", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-1, 1, 4), [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(ticks(0.13, 0.19, 3), [0.14, 0.16, 0.18]);
  for (const [low, high] of [[0, 1e-6], [-3e5, 7e5], [12.3, 12.4]] as const) {
    const found = ticks(low, high, 5);
    assert.ok(found.length >= 3 && found.length <= 7, `${low} to ${high}: ${found.join()}`);
    assert.ok(found.every((one) => one >= low - 1e-12 && one <= high * (1 + 1e-9)));
  }
  assert.deepEqual(ticks(-4.9, 4.9, 4), [-4, -2, 0, 2, 4]); // 0 alone would say no distance
  assert.deepEqual(ticks(2, 2), [2]);
  assert.deepEqual(ticks(NaN, 1), []);
});

test("a duration is told in the unit that matters", () => {
  assert.equal(duration(0.3), "1 s");
  assert.equal(duration(42), "42 s");
  assert.equal(duration(200), "3 min 20 s");
  assert.equal(duration(1500), "25 min");
  assert.equal(duration(3900), "1 h 5 min");
  assert.equal(duration(Infinity), "");
});

test("a duration is never told with no seconds, nor with sixty of them", () => {
  const cases: [number, string][] = [
    [59.4, "59 s"], [59.7, "1 min"], [60, "1 min"], [64, "1 min"], [65, "1 min 10 s"],
    [119, "2 min"], [120, "2 min"], [594, "9 min 50 s"], [599, "10 min"], [3569, "59 min"],
    [3590, "1 h"], [3660, "1 h 1 min"],
  ];
  for (const [seconds, said] of cases) assert.equal(duration(seconds), said, String(seconds));
});

test("a comma is taken as a point where nothing else can be meant", () => {
  const cases: [string, string, string][] = [
    ["0,035", "en", "0.035"], ["0,035", "de", "0.035"], [" -2,5 ", "de", " -2.5 "],
    ["1,000", "en", "1,000"], ["1,2,3", "de", "1,2,3"], ["0.5", "de", "0.5"], ["a,b", "de", "a,b"],
  ];
  for (const [typed, language, meant] of cases) assert.equal(decimal(typed, language), meant);
});

test("numbers at an axis get digits until they differ", () => {
  assert.deepEqual(apart([0, 0.5, 1]), ["0", "0.5", "1"]);
  assert.deepEqual(apart([0.9999, 0.99995, 1]), ["0.9999", "0.99995", "1"]);
  assert.deepEqual(apart([12000, 12001]), ["12\u202f000", "12\u202f001"]);
  assert.deepEqual(apart([]), []);
});

test("an accuracy is read in percent, and nothing else is", () => {
  const cases: [string, number, string][] = [
    ["val_accuracy", 0.6121, "61.2\u202f%"],
    ["accuracy", 1, "100\u202f%"],
    ["share named right", 0.07, "7\u202f%"],
    ["accuracy", 61.2, "61.2"],
    ["loss", 0.6121, "0.612"],
  ];
  for (const [name, value, said] of cases) assert.equal(measured(name, value), said);
  assert.deepEqual(apart([0, 0.5, 1], "accuracy"), ["0\u202f%", "50\u202f%", "100\u202f%"]);
});

test("a metric's name is read as words", () => {
  assert.equal(words("val_accuracy"), "validation accuracy");
  assert.equal(words("gap"), "gap");
});

test("thousands are said whole, and a power of ten stands alone where there is little room", () => {
  assert.equal(spoken(3524.15), "3\u202f524");
  assert.equal(spoken(-10356.6), "−10\u202f357");
  assert.equal(spoken(1234567.5), "1.23 × 10⁶");
  assert.equal(spoken(3524.15, 6), "3524.15");
  assert.equal(tens(12), "10¹²");
  assert.equal(tens(-3), "10⁻³");
});
