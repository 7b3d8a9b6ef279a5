/** How long somebody was there: a page that is hidden, or where nothing moves, is not counted. */

export const IDLE_AFTER = 120_000; // milliseconds: nobody reads where nothing has moved for so long
const LONGEST = 5_000; // milliseconds between two looks; a computer that slept was not looked at

export class Clock {
  #moved: number;
  #last: number;

  constructor(now: number) {
    this.#moved = this.#last = now;
  }

  /** Something happened: a key, the pointer, scrolling. */
  move(now: number): void {
    this.#moved = now;
  }

  /** The seconds to count since the last look. */
  look(now: number, visible: boolean): number {
    const passed = Math.min(now - this.#last, LONGEST);
    this.#last = now;
    return visible && now - this.#moved < IDLE_AFTER ? passed / 1000 : 0;
  }
}
