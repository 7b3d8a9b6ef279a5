/** What the bar says about a run, and what one can do about it. */

import { stateSentence, type Sentence } from "./speak.ts";
import type { StateMessage } from "../messages.ts";
import { phrase } from "../words.ts";
import { label } from "./labels.ts";
import type { WayOn } from "./bar.ts";

export interface Situation {
  lost: boolean; // no connection
  gone: boolean; // the run was over when the connection came back
  remark: Sentence | null; // a notice, a download, a refused command
  state: StateMessage | null;
  last(metric: string): number; // the latest value of a number
  inLesson?: boolean; // where the text has promised something, not the experiment
}

export interface Acts {
  retry(): void;
  cancel(): void;
  use(knobs: Record<string, string>): void;
}

/** One sentence, the most urgent, with its ways on. */
export function status(now: Situation, acts: Acts): { sentence: Sentence; ways: WayOn[] } {
  if (now.lost) {
    const text = phrase("The connection to the server was lost. Trying again; the picture may be old.");
    return { sentence: { tone: "wait", text }, ways: [{ label: phrase("Try now"), act: () => acts.retry() }] };
  }
  if (now.gone) {
    const text = phrase("The server was started anew, and this run is gone. Its knobs are kept: play it again.");
    return { sentence: { tone: "wait", text }, ways: [] }; // the bar's first button starts it again
  }
  const { state } = now;
  if (now.remark && state?.state !== "failed") return { sentence: now.remark, ways: [] };
  if (!state) return { sentence: { tone: "plain", text: "" }, ways: [] };
  if (now.inLesson && state.state === "finished" && !state.kept) {
    return { sentence: { tone: "plain", text: phrase("Finished.") }, ways: [] };
  }
  return { sentence: stateSentence(state, now.last), ways: ways(state, acts) };
}

/** What the first button of the bar, which plays the run again as it was, does not offer. */
function ways(state: StateMessage, acts: Acts): WayOn[] {
  if (state.state === "queued") return [{ label: phrase("Leave the queue"), act: () => acts.cancel() }];
  if (state.state !== "failed" && state.state !== "stopped") return [];
  const instead = Object.entries(state.instead ?? {});
  if (!instead.length) return [];
  const knobs = instead.map(([name, value]) => `${label(name)} ${value}`).join(", ");
  const words = state.cause === "diverged" ? phrase("Begin again with {knobs}", { knobs }) : phrase("Use {knobs} instead", { knobs });
  return [{ label: words, act: () => acts.use(state.instead!), first: true }];
}
