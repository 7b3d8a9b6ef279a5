/** What travels between a page and a run: the names and types of messages, views and commands. */

import type { Grid } from "./frames.ts";

export type Turn = [step: number, knob: string, value: string];
export type StateName = "queued" | "running" | "paused" | "finished" | "failed" | "stopped";

export interface RunMessage {
  type: "run";
  id: string;
  experiment: string;
  version: string;
  knobs: Record<string, string>;
  pace: number;
  turns: Turn[];
}

export interface Bound {
  metric: string;
  relation: string;
  value: number;
}

export interface StateMessage {
  type: "state";
  state: StateName;
  step: number;
  of: number;
  why: string;
  place?: number;
  paused?: boolean; // while it is queued: whether it will stand still when its turn comes
  kept?: boolean | null;
  bounds?: Bound[]; // what was promised for these knobs
  rests?: boolean; // it is over, and knobs that only look still turn
  still?: boolean; // it takes no steps: every knob shows it anew
  instead?: Record<string, string>; // knobs with which it works
  cause?: "diverged" | "input" | "fault"; // of a failure
  seconds: number;
  threads?: number; // that it got; 0 before it has begun
}

export interface ScalarsMessage {
  type: "scalars";
  names: string[];
  steps: Grid<Int32Array>;
  values: Grid<Float64Array>;
}

export interface FrameMessage {
  type: "frame";
  step: number;
  of: number;
  numbers: Record<string, number>;
  views: Record<string, View>;
}

export type ServerMessage =
  | RunMessage
  | StateMessage
  | ScalarsMessage
  | FrameMessage
  | { type: "turned"; step: number; knob: string; value: string }
  | { type: "set"; knob: string; value: string }
  | { type: "lead"; on: boolean } // whether the run waits until this page has drawn
  | { type: "notice"; text: string }
  | { type: "progress"; what: string; done: number; total: number }
  | { type: "error"; text: string }
  | { type: "pong" };

export interface Start {
  type: "start";
  experiment: string;
  knobs: Record<string, string>;
  turns: Turn[];
  pace: number | null;
  paused: boolean;
  until?: number; // hurry to this step, then pause
  threads?: number; // as many as the run had that goes back so
}

export type Command =
  | Start
  | { type: "attach"; run: string }
  | { type: "play" | "pause" | "stop" | "ack" | "ping" }
  | { type: "step"; count: number }
  | { type: "turn"; knob: string; value: string }
  | { type: "pace"; steps: number };

export type Range = [low: number, high: number];

interface Shown {
  says: string;
  title: string;
}

export interface FieldView extends Shown {
  kind: "field";
  values: Grid;
  lo: number;
  hi: number;
  x: Range;
  y: Range;
  colours: "diverging" | "sequential" | "depth" | "classes"; // "depth": a surface, the lower, the bluer
  labels: string[];
  rows: string[];
  columns: string[];
  x_label: string;
  y_label: string;
  unit: string;
}

export interface PointsView extends Shown {
  kind: "points";
  xy: Grid<Float32Array>;
  label?: Grid<Uint8Array>;
  held_out?: Grid<Uint8Array>;
  value?: Grid<Float32Array>;
  on: string;
  x: Range | null;
  y: Range | null;
  names: string[];
  x_label: string;
  y_label: string;
  knob: string;
  drag: [x: string, y: string]; // the knobs that its first point is a handle of
  lever?: [from: number, by: number]; // from the height of the handle to its knob
}

export interface LineView extends Shown {
  kind: "line";
  x: Grid;
  ys: Grid;
  names: string[];
  on: string;
  x_range: Range | null;
  y_range: Range | null;
  x_label: string;
  y_label: string;
  dots: boolean;
  sketch?: string; // by the learner, before the run; what it is called
}

export interface TilesView extends Shown {
  kind: "tiles";
  images: Grid<Uint8Array>;
  right?: Grid<Uint8Array>;
  lo: number;
  hi: number;
  colours: "grey" | "sequential" | "diverging" | "colour";
  captions: string[];
  knob: string;
  columns: number;
}

export interface GraphView extends Shown {
  kind: "graph";
  layers: string[][];
  source: Grid<Int32Array>;
  target: Grid<Int32Array>;
  weight: Grid<Float32Array>;
  images?: Grid<Uint8Array>;
  lo: number;
  hi: number;
  notes: string[];
  now: number;
  tells: string[];
  into: string;
  edges: string;
}

export interface OtherView extends Shown {
  kind: "tokens" | "board";
}

export type View = FieldView | PointsView | LineView | TilesView | GraphView | OtherView;
export type Overlay = PointsView | LineView;
