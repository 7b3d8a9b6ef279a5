/** What a page and its lesson's kernel say to each other, as JSON. */

import type { Output } from "./output.ts";

export type Heard =
  | { type: "ready"; missing: string[] }
  | { type: "closed"; text: string }
  | { type: "kernel"; state: string; tabs: number; life: string } // life: another one for other variables
  | { type: "started"; cell: string; source: string }
  | { type: "done"; cell: string }
  | { type: "notice"; cell: string; text: string; lost?: boolean }
  | { type: "pong" }
  | ({ type: "output"; cell: string } & Output);

export type Said = { type: "run"; cell: string; source: string } | { type: "interrupt" | "restart" };
