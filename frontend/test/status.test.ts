import assert from "node:assert/strict";
import { test } from "node:test";
import { status, type Acts, type Situation } from "../src/lab/status.ts";
import type { StateMessage, StateName } from "../src/messages.ts";

function state(name: StateName, changes: Partial<StateMessage> = {}): StateMessage {
  return { type: "state", state: name, step: 4, of: 9, why: "", seconds: 0, ...changes };
}

function seen(changes: Partial<Situation>): { text: string; ways: string[]; done: string[]; press(i: number): void } {
  const done: string[] = [];
  const acts: Acts = {
    retry: () => done.push("retry"),
    cancel: () => done.push("cancel"),
    use: (knobs) => done.push(JSON.stringify(knobs)),
  };
  const now: Situation = {
    lost: false, gone: false, remark: null, state: null,
    last: () => NaN, ...changes,
  };
  const { sentence, ways } = status(now, acts);
  return { text: sentence.text, ways: ways.map(({ label }) => label), done, press: (i) => ways[i]!.act() };
}

test("a lost connection is said before everything else, and can be tried at once", () => {
  const one = seen({ lost: true, gone: true, state: state("failed", { why: "x" }) });
  assert.match(one.text, /connection to the server was lost/);
  one.press(0);
  assert.deepEqual(one.done, ["retry"]);
});

test("what the first button of the bar does has no second button beside it", () => {
  for (const changes of [{ gone: true, state: state("running") }, { state: state("failed") }, { state: state("stopped") }]) {
    assert.deepEqual(seen(changes).ways, []);
  }
});

test("missing data offer what works without them", () => {
  const one = seen({ state: state("failed", { why: "CIFAR-10 is not here.", instead: { data: "digits" } }) });
  assert.equal(one.text, "CIFAR-10 is not here.");
  assert.deepEqual(one.ways, ["Use data digits instead"]);
  one.press(0);
  assert.deepEqual(one.done, ['{"data":"digits"}']);
});

test("a run that diverged can begin again with a smaller learning rate", () => {
  const why = "The loss is not a number any more at step 4: the learning rate 3 is too large.";
  const one = seen({ state: state("failed", { why, cause: "diverged", instead: { lr: "0.3" } }) });
  assert.deepEqual(one.ways, ["Begin again with learning rate 0.3"]);
  one.press(0);
  assert.deepEqual(one.done, ['{"lr":"0.3"}']);
});

test("a queued run can be cancelled", () => {
  const one = seen({ state: state("queued", { place: 1 }) });
  assert.equal(one.text, "Waiting for a free core: next in the queue.");
  one.press(0);
  assert.deepEqual(one.done, ["cancel"]);
});

test("a failure is not hidden by a remark", () => {
  const remark = { tone: "plain" as const, text: "One thread." };
  assert.equal(seen({ remark, state: state("running") }).text, "One thread.");
  assert.equal(seen({ remark, state: state("failed", { why: "No number." }) }).text, "No number.");
});

test("in a lesson a run that ends with other knobs is over, and no promise is spoken of", () => {
  assert.equal(seen({ state: state("finished", { kept: null }), inLesson: true }).text, "Finished.");
  assert.match(seen({ state: state("finished", { kept: null }) }).text, /Nothing is promised/);
});
