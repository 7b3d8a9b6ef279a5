/** Where the name of a curve is written: beside it, in its colour, where nothing else is. */

export type Place = [x: number, y: number]; // in pixels

export interface Named {
  name: string;
  width: number; // of the written name, in pixels
  path: Place[];
}

export interface Spot {
  x: number; // the left end of the name
  y: number; // the middle of its letters
  share: number; // of the curve's length, where it is named
  side: number; // which of SIDES
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const HIGH = 16; // of a name
const GAP = 7; // between a curve and its name
const STRIDE = 4; // pixels between two samples of a curve
const TRIED = 24; // places along a curve
const SIDES: [across: number, up: number][] = [[0, -1], [0, 1], [1, 0], [-1, 0]];
const CROSSED = 10; // what a curve through a name costs, per sample
const COVERED = 6; // and a dot under it
const ABANDONED = 40; // a name that costs more is not written
const STAYS = 12; // what another place must be better by, so that names do not jump

/**
 * A spot for each name, or null where there is no free one. `before` are those of the last time,
 * `others` curves without a name, `dots` what else must stay seen.
 */
export function spots(
  all: Named[], room: Box, before: Map<string, Spot> = new Map(), others: Place[][] = [], dots: Place[] = [],
): (Spot | null)[] {
  const samples = [...all.map(({ path }) => path), ...others].map(sampled);
  const taken: Box[] = [];
  return all.map((one, mine) => {
    const ends = samples[mine]!;
    if (!ends.length) return null;
    let best: Spot | null = null;
    let least = ABANDONED;
    for (let i = 0; i <= TRIED; i++) {
      const share = i / TRIED;
      const at = ends[Math.round(share * (ends.length - 1))]!;
      for (let side = 0; side < SIDES.length; side++) {
        const box = beside(at, side, one.width);
        if (box.left < room.left || box.right > room.right || box.top < room.top || box.bottom > room.bottom) continue;
        const old = before.get(one.name);
        const kept = old && old.side === side && Math.abs(old.share - share) < 1 / TRIED;
        const cost = price(box, samples, mine, taken) + COVERED * covered(box, dots) + 4 * (1 - share) - (kept ? STAYS : 0);
        if (cost < least) [best, least] = [{ x: box.left, y: (box.top + box.bottom) / 2, share, side }, cost];
      }
    }
    if (best) taken.push({ left: best.x, right: best.x + one.width, top: best.y - HIGH / 2, bottom: best.y + HIGH / 2 });
    return best;
  });
}

/** Where a name stands beside a place of its curve: above, below, right or left of it. */
function beside([x, y]: Place, side: number, width: number): Box {
  const [across, up] = SIDES[side]!;
  const left = x - width / 2 + across * (width / 2 + GAP);
  const middle = y + up * (HIGH / 2 + GAP);
  return { left, right: left + width, top: middle - HIGH / 2, bottom: middle + HIGH / 2 };
}

/** What is wrong with a box: names it covers, curves through it, another curve as near as its own. */
function price(box: Box, samples: Place[][], mine: number, taken: Box[]): number {
  if (taken.some((one) => one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top)) return Infinity;
  let cost = 0;
  let own = Infinity;
  let other = Infinity;
  samples.forEach((curve, i) => {
    for (const [x, y] of curve) {
      const far = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      if (far === 0) cost += CROSSED;
      if (i === mine) own = Math.min(own, far);
      else other = Math.min(other, far);
    }
  });
  return cost + (other <= own + 1 ? ABANDONED / 2 : 0);
}

function covered({ left, right, top, bottom }: Box, dots: Place[]): number {
  return dots.filter(([x, y]) => x > left - 4 && x < right + 4 && y > top - 4 && y < bottom + 4).length;
}

/** A path as places that lie equally far apart along it. */
function sampled(path: Place[]): Place[] {
  const found: Place[] = [];
  let rest = 0; // of a stride, left from the piece before
  for (let i = 1; i < path.length; i++) {
    const [[x0, y0], [x1, y1]] = [path[i - 1]!, path[i]!];
    const long = Math.hypot(x1 - x0, y1 - y0);
    if (!Number.isFinite(long)) continue;
    for (; rest <= long && long; rest += STRIDE) found.push([x0 + ((x1 - x0) * rest) / long, y0 + ((y1 - y0) * rest) / long]);
    rest -= long;
  }
  return found;
}
