/** Where a curve ends in a picture, also when it has left it. */

type Place = [x: number, y: number];

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function inside({ left, top, width, height }: Box, [x, y]: Place): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** The place in the box that is next to this one, at least so far from its edges. */
export function kept({ left, top, width, height }: Box, [x, y]: Place, margin: number): Place {
  const within = (value: number, low: number, size: number) => Math.min(low + size - margin, Math.max(low + margin, value));
  return [within(x, left, width), within(y, top, height)];
}

/** The last place of a curve that is to be seen; null where all of it is outside. */
export function lastSeen(box: Box, places: readonly Place[]): Place | null {
  for (let i = places.length - 1; i >= 0; i--) {
    if (inside(box, places[i]!)) return places[i]!;
    const seen = i > 0 && seenUntil(box, places[i - 1]!, places[i]!);
    if (seen) return seen;
  }
  return null;
}

/** Where the straight way from one place to another leaves the box; null where it never enters. */
function seenUntil({ left, top, width, height }: Box, [x, y]: Place, [toX, toY]: Place): Place | null {
  const [across, down] = [toX - x, toY - y];
  let [enters, leaves] = [0, 1]; // shares of the way
  for (const [speed, room] of [[-across, x - left], [across, left + width - x], [-down, y - top], [down, top + height - y]] as const) {
    if (speed > 0) leaves = Math.min(leaves, room / speed);
    else if (speed < 0) enters = Math.max(enters, room / speed);
    else if (!(room >= 0)) return null;
  }
  return enters <= leaves ? [x + leaves * across, y + leaves * down] : null;
}

const ARROW = 9; // from the tip to the foot
const EDGE = 5; // between the tip and the edge

/** At the edge of the picture, an arrow to a place that is outside. */
export function paintAway(c: CanvasRenderingContext2D, box: Box, place: Place, colour: string, halo: string): void {
  const [x, y] = kept(box, place, EDGE);
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  c.save();
  c.translate(x, y);
  c.rotate(Math.atan2(place[1] - y, place[0] - x));
  c.beginPath();
  c.moveTo(0, 0);
  c.lineTo(-ARROW, -0.6 * ARROW);
  c.lineTo(-ARROW, 0.6 * ARROW);
  c.closePath();
  c.lineJoin = "round";
  c.lineWidth = 4;
  c.strokeStyle = halo;
  c.setLineDash([]);
  c.stroke();
  c.fillStyle = colour;
  c.fill();
  c.restore();
}

/** Where a name of this width stands: beside a place, and wholly in the picture. */
export function beside(box: Box, [x, y]: Place, width: number): Place {
  const space = 10;
  const right = x + space + width <= box.left + box.width - 4;
  const from = right ? x + space : x - space - width;
  const [low, high] = [box.left + 4, box.left + box.width - 4 - width];
  const at = Math.max(low, Math.min(high, from));
  const words = box.height > 150 && at < box.left + 110; // of the upright axis, in both corners
  const [top, bottom] = words ? [56, 36] : [16, 8];
  return [at, Math.min(box.top + box.height - bottom, Math.max(box.top + top, y - 10))];
}
