/**
 * Bytes to messages. Mirrors fathom/lab/wire.py; tests/lab/golden.bin holds both to it.
 *
 *   uint32 little endian   length of the head, padding included
 *   uint32                 1, the version of this layout
 *   head                   JSON; an array stands as {"$": i, "dtype": "u1", "shape": [64, 64]}
 *   buffers                each padded to 8 bytes, so that they are looked at in place
 *
 * Several messages may follow one another.
 */

export type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array;

/** An array of any number of dimensions, last dimension fastest; a view of the message. */
export interface Grid<T extends Numbers = Numbers> {
  data: T;
  shape: number[];
}

export type Plain = null | boolean | number | string | Grid | Plain[] | { [name: string]: Plain };
export type Message = { [name: string]: Plain };

export class WireError extends Error {}

const VERSION = 1;
const PREFIX = 8;
const DTYPES = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array } as const;
const NOT_FINITE: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

interface Place {
  $: number;
  dtype: keyof typeof DTYPES;
  shape: number[];
}

/** The message in these bytes. Raises WireError. */
export function decode(bytes: ArrayBuffer): Message {
  return read(bytes, 0)[0];
}

/** Those that follow one another in these bytes, each with its length. Raises WireError. */
export function* messages(bytes: ArrayBuffer): Generator<[message: Message, length: number]> {
  let at = 0;
  do {
    const [message, end] = read(bytes, at);
    yield [message, end - at];
    at = end;
  } while (at < bytes.byteLength);
}

/** The message that begins there, and where it ends. */
function read(bytes: ArrayBuffer, start: number): [message: Message, end: number] {
  if (bytes.byteLength - start < PREFIX) throw new WireError("These bytes are too few for a message.");
  const prefix = new DataView(bytes, start);
  const length = prefix.getUint32(0, true);
  const version = prefix.getUint32(4, true);
  if (version !== VERSION) {
    throw new WireError(`This message is of version ${version}; this page knows version ${VERSION}.`);
  }
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, start + PREFIX, length)));
  } catch (error) {
    throw new WireError(`These bytes are not a message of Fathom: ${String(error)}.`);
  }
  if (typeof head !== "object" || head === null || Array.isArray(head)) {
    throw new WireError("These bytes are not a message of Fathom: the head is not an object.");
  }
  const [grids, end] = cut(bytes, start + PREFIX + length, places(head));
  return [restore(head, grids) as Message, end];
}

/** Where arrays belong in a head. */
function places(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  if ("$" in value && "dtype" in value) return [value as Place];
  return Object.values(value).flatMap(places);
}

/** The arrays behind the head, each a view of the bytes, and where they end. */
function cut(bytes: ArrayBuffer, start: number, found: Place[]): [Map<number, Grid>, number] {
  const grids = new Map<number, Grid>();
  let at = start;
  for (const { $, dtype, shape } of found.sort((a, b) => a.$ - b.$)) {
    const Kind = DTYPES[dtype];
    if (!Kind) throw new WireError(`Arrays of ${dtype} do not travel.`);
    const count = shape.reduce((product, size) => product * size, 1);
    const size = count * Kind.BYTES_PER_ELEMENT;
    if (at + size > bytes.byteLength) throw new WireError("A message was cut off.");
    grids.set($, { data: new Kind(bytes, at, count), shape });
    at += size + ((8 - (size % 8)) % 8);
  }
  return [grids, at];
}

function restore(value: unknown, grids: Map<number, Grid>): Plain {
  if (typeof value !== "object" || value === null) return value as Plain;
  if (Array.isArray(value)) return value.map((one) => restore(one, grids));
  if ("$" in value) {
    if ("dtype" in value) return grids.get((value as Place).$)!;
    const number = NOT_FINITE[String(value.$)];
    if (number === undefined) throw new WireError(`${String(value.$)} is not a number.`);
    return number;
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, restore(one, grids)]));
}
