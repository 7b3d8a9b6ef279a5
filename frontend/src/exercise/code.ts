/** All code of a lesson that can be run, and the line to the kernel that it shares. */

import { Cell } from "./cell.ts";
import { Exercise } from "./exercise.ts";
import type { Heard, Said } from "./kernel.ts";
import { Stream } from "../stream.ts";

/** Bring cells and exercises of the page to life. `drawn` is told of HTML that came from the server. */
export function startCode(drawn: (root: ParentNode) => void): void {
  const article = document.querySelector<HTMLElement>("article.lesson")!;
  const all: Cell[] = [];
  const line = new Stream<Said>(`/lesson/${article.dataset["lesson"]}/kernel`, {
    heard: (data) => {
      const message = JSON.parse(data as string) as Heard;
      if (message.type === "closed") line.close();
      const name = "cell" in message ? message.cell : "";
      for (const one of all) if (!name || one.name === name) one.hear(message);
    },
    opened: () => all.forEach((one) => one.opened()),
    lost: () => all.forEach((one) => one.lost()),
  });
  for (const place of article.querySelectorAll<HTMLElement>("[data-cell]")) {
    all.push(place.matches(".exercise") ? new Exercise(place, line, all, drawn) : new Cell(place, line, all));
  }
}
