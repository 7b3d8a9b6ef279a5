import assert from "node:assert/strict";
import { test } from "node:test";
import { mainMetric, promiseWords, stateSentence, summary } from "../src/lab/speak.ts";
import type { StateMessage, StateName } from "../src/messages.ts";
import { Scalars } from "../src/series.ts";

const bound = { metric: "val_accuracy", relation: ">=", value: 0.98 };
const none = (): number => NaN;

function state(name: StateName, changes: Partial<StateMessage> = {}): StateMessage {
  return { type: "state", state: name, step: 400, of: 1500, why: "", seconds: 1, ...changes };
}

function measured(values: Record<string, number[]>): Scalars {
  const scalars = new Scalars();
  const rows = Object.values(values);
  scalars.add({
    type: "scalars",
    names: Object.keys(values),
    steps: { data: Int32Array.from(rows[0]!.map((_, i) => i)), shape: [rows[0]!.length] },
    values: { data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]!.length] },
  });
  return scalars;
}

test("a promise is read as words", () => {
  assert.equal(promiseWords(bound), "validation accuracy ≥ 98\u202f%");
});

test("a queued run says its place and why it waits", () => {
  const { tone, text } = stateSentence(state("queued", { place: 3, why: "Two runs use both cores." }), none);
  assert.equal(tone, "wait");
  assert.equal(text, "Waiting for a free core: third in the queue. Two runs use both cores.");
});

test("a finished run says whether its promise was kept", () => {
  const kept = stateSentence(state("finished", { kept: true, bounds: [bound] }), () => 0.991);
  assert.deepEqual(kept, {
    tone: "good", text: "Finished. The promise was kept: validation accuracy is 99.1\u202f%, ≥ 98\u202f%.",
  });
  const not = stateSentence(state("finished", { kept: false, bounds: [bound] }), () => 0.5);
  assert.equal(not.tone, "bad");
  assert.match(not.text, /not kept: validation accuracy is 50\u202f%, not ≥ 98\u202f%/);
  assert.match(stateSentence(state("finished", { kept: null }), () => 1).text, /Nothing is promised/);
});

test("of a promise with several parts those that were missed are told", () => {
  const gap = { metric: "gap", relation: "<=", value: 0.1 };
  const last = (metric: string): number => (metric === "gap" ? 0.3 : 0.99);
  const { text } = stateSentence(state("finished", { kept: false, bounds: [bound, gap] }), last);
  assert.equal(text, "Finished. The promise was not kept: gap is 0.3, not ≤ 0.1.");
});

test("a failed run says why", () => {
  assert.equal(stateSentence(state("failed", { why: "The loss is not a number." }), none).text, "The loss is not a number.");
});

test("the number of the promise matters most, then one that was held out", () => {
  assert.equal(mainMetric(measured({ loss: [1], val_accuracy: [1] }), [bound]), "val_accuracy");
  assert.equal(mainMetric(measured({ loss: [1], test_loss: [1] }), [bound]), "test_loss");
  assert.equal(mainMetric(measured({ loss: [1] }), [bound]), "loss");
  assert.equal(mainMetric(new Scalars(), [bound]), null);
  const both = measured({ loss: [1], val_accuracy: [1] });
  assert.equal(mainMetric(both, [bound], (name) => name === "loss"), "loss"); // the other is not shown
  assert.equal(mainMetric(both, [bound], () => false), "val_accuracy");
});

test("the live region says step, number and trend", () => {
  const scalars = measured({ val_accuracy: [0.5, 0.6, 0.7, 0.8, 0.93] });
  assert.equal(summary(400, 1500, scalars, [bound]), "step 400 of 1\u202f500, validation accuracy 93\u202f%, rising");
});
