/** What a figure is told about its experiment when its page is made. */

import type { Knob } from "../knobs.ts";
import type { State } from "../link.ts";
import type { Promised } from "./promise.ts";

export interface About {
  name: string;
  title: string;
  pace: number;
  knobs: Record<string, Knob>;
  lines: Record<string, number>;
  promises: Promised[];
}

export interface Given {
  experiment: About;
  values: Record<string, string>;
  turns: State["turns"];
  pace: number | null;
}
