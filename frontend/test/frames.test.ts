import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode, messages, WireError, type Grid, type Plain } from "../src/frames.ts";

const FOLDER = `${process.cwd()}/../tests/lab`;

function bytes(name: string): ArrayBuffer {
  const file = readFileSync(`${FOLDER}/${name}`);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

function isGrid(value: object): value is Grid {
  return "data" in value && ArrayBuffer.isView(value.data);
}

function nested(grid: Grid, depth = 0, start = 0): unknown {
  if (depth === grid.shape.length) return grid.data[start];
  const size = grid.shape.slice(depth + 1).reduce((product, one) => product * one, 1);
  return Array.from({ length: grid.shape[depth]! }, (_, i) => nested(grid, depth + 1, start + i * size));
}

/** As golden.json has it: arrays as lists, what is not finite as a word, float32 as it is. */
function plain(value: Plain): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isGrid(value)) return nested(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

/** float32 values are compared as float32. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Math.fround(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)]));
  }
  return value;
}

test("the golden message is read as Python wrote it", () => {
  const expected = JSON.parse(readFileSync(`${FOLDER}/golden.json`, "utf8"));
  assert.deepEqual(rounded(plain(decode(bytes("golden.bin")))), rounded(expected));
});

test("messages that follow one another are read one by one", () => {
  const one = new Uint8Array(bytes("golden.bin"));
  const two = new Uint8Array(2 * one.length);
  two.set(one);
  two.set(one, one.length);
  const found = [...messages(two.buffer)];
  const expected = [decode(bytes("golden.bin")), one.length];
  assert.deepEqual(found, [expected, expected]);
});

test("arrays are looked at in place", () => {
  const message = bytes("golden.bin");
  const seen: ArrayBufferLike[] = [];
  const walk = (value: Plain): void => {
    if (typeof value !== "object" || value === null) return;
    if (isGrid(value)) seen.push(value.data.buffer);
    else Object.values(value).forEach((one) => walk(one as Plain));
  };
  walk(decode(message));
  assert.ok(seen.length > 3);
  assert.ok(seen.every((one) => one === message));
});

test("a message that was cut off is refused", () => {
  const whole = bytes("golden.bin");
  for (const end of [0, 7, 20, whole.byteLength - 8]) {
    assert.throws(() => decode(whole.slice(0, end)), WireError, `cut at ${end}`);
  }
});

test("a message of another version is refused", () => {
  const other = bytes("golden.bin");
  new DataView(other).setUint32(4, 2, true);
  assert.throws(() => decode(other), /version 2/);
});
