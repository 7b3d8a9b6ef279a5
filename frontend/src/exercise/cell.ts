/** Code of a page that can be changed and run: an editor that keeps what is typed, and what was printed. */

import { edit, type Editor } from "./editor.ts";
import type { Heard, Said } from "./kernel.ts";
import { Outputs } from "./output.ts";
import type { Stream } from "../stream.ts";
import { NOT_KEPT, TOO_LONG } from "../statuses.ts";
import { phrase } from "../words.ts";

const SAVE_AFTER = 500; // milliseconds without a key
export const LOST = phrase(
  "The server does not answer. Your text is safe in this page and is sent when the server is back.",
);

const LARGEST = 60_000; // bytes of a form that the server keeps, and of code that it takes to run
const TOO_LONG_TO_KEEP = phrase(
  "This is too long to be kept: it will be lost when you leave the page. About 40,000 characters have room.",
);

const NOT_RUN = phrase("This is too long to be run here: about 60,000 characters have room.");

export class Cell {
  readonly name: string;
  /** Whether it is the lesson's own code, which can be run for a learner without being asked for. */
  readonly given: boolean = true;
  ran = false;
  protected readonly editor: Editor;
  protected readonly starter: string;
  private readonly outputs: Outputs;
  private readonly state: HTMLElement;
  private readonly runButton: HTMLButtonElement;
  private running = false;
  private tabs = 1;
  private saving = 0;
  private unsaved = false;
  private tooLong = false; // to be kept; said for as long as it is so
  private wanted = false; // Run was pressed while there was no connection
  private life = ""; // of the kernel that was heard of last
  private source = ""; // what was run last, here or in another tab

  /** `all` cells of the page, in its order; they share their variables. */
  constructor(
    protected readonly place: HTMLElement,
    private readonly line: Stream<Said>,
    private readonly all: readonly Cell[],
  ) {
    this.name = place.dataset["cell"]!;
    this.state = place.querySelector(".cell-state")!;
    this.runButton = place.querySelector("[data-do=run]")!;
    this.outputs = new Outputs(place.querySelector(".outputs")!);
    this.starter = JSON.parse(place.querySelector(".starter")!.textContent!) as string;
    place.querySelector(":scope > .code")?.remove(); // it was shown until the editor came
    this.editor = edit(place.querySelector("textarea")!, {
      changed: () => this.changed(),
      run: () => this.run(),
      check: () => this.enter(),
    });
    place.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      if (button?.dataset["do"] === "run") this.running ? this.line.send({ type: "interrupt" }) : this.run();
      if (button?.dataset["do"] === "restart" && this.line.send({ type: "restart" })) {
        for (const one of this.all) one.ran = false;
      }
      if (button?.dataset["do"] === "reset") this.editor.replace(this.starter);
    });
    addEventListener("pagehide", () => this.unsaved && void this.save());
  }

  run(): void {
    const order = { type: "run", cell: this.name, source: this.editor.text() } as const;
    if (new TextEncoder().encode(JSON.stringify(order)).length > LARGEST) return this.say(NOT_RUN);
    this.wanted = !this.line.send(order);
    if (this.wanted) this.say(this.line.connecting ? phrase("running") : LOST);
  }

  /** There is a connection, for the first time or again. */
  opened(): void {
    if (this.wanted) this.run();
  }

  hear(message: Heard): void {
    switch (message.type) {
      case "ready":
        if (message.missing.length && this.isFirst()) this.outputs.say(message.missing.join(" "));
        break;
      case "closed":
        this.say(message.text);
        this.runButton.disabled = true;
        break;
      case "kernel":
        this.tabs = message.tabs;
        if (this.life && this.life !== message.life) this.forgotten();
        this.life = message.life;
        this.idle();
        break;
      case "started":
        this.ran = this.running = true;
        this.source = message.source;
        this.outputs.clear();
        this.runButton.textContent = phrase("Stop");
        this.say(phrase("running"));
        break;
      case "output":
        this.outputs.show(message);
        if (message.kind === "problem" && message.name === "NameError") this.offerAbove();
        break;
      case "notice":
        if (message.cell || this.ran) this.outputs.say(message.text, message.lost ? this.againButton() : undefined);
        break;
      case "done":
        this.running = false;
        this.runButton.textContent = phrase("Run");
        if (this.source !== this.editor.text()) this.outputs.age(); // it ran before this page was loaded
        this.idle();
    }
  }

  /** The server is gone; it may come back. */
  lost(): void {
    if (this.running) this.outputs.say(phrase("The connection was lost while this ran."));
    this.running = false;
    this.runButton.textContent = phrase("Run");
  }

  /** Another kernel has taken the place of the one in which this ran. */
  private forgotten(): void {
    if (!this.ran) return;
    const gone = phrase("The kernel was started anew. Your variables are gone: run the cells above again.");
    this.outputs.say(gone, this.againButton());
  }

  /** Control and Enter. */
  protected enter(): void {
    this.run();
  }

  protected changed(): void {
    this.unsaved = true;
    this.outputs.age();
    clearTimeout(this.saving);
    this.saving = window.setTimeout(() => void this.save(), SAVE_AFTER);
  }

  /** Nothing runs: whether other tabs share the variables. */
  protected idle(): void {
    if (this.running) return;
    const shared = phrase("This lesson is open in {tabs} tabs; they share their variables.", { tabs: this.tabs });
    this.say(this.tooLong ? TOO_LONG_TO_KEEP : this.tabs > 1 ? shared : "");
  }

  protected say(text: string): void {
    this.state.textContent = text;
  }

  /** A form with the text of the editor. */
  protected fields(more: Record<string, string> = {}): URLSearchParams {
    const { key } = document.querySelector<HTMLElement>("article.lesson")!.dataset;
    return new URLSearchParams({ key: key!, code: this.editor.text(), ...more });
  }

  private async save(): Promise<void> {
    const text = this.editor.text();
    try {
      const body = this.fields();
      const keepalive = body.toString().length < LARGEST; // a browser sends nothing larger with it
      const reply = await fetch(this.place.dataset["keep"]!, { method: "POST", body, keepalive });
      this.tooLong = reply.status === TOO_LONG;
      if (this.tooLong) return this.say(TOO_LONG_TO_KEEP);
      if (reply.status === NOT_KEPT) return this.say(await reply.text());
      if (!reply.ok) throw new Error(await reply.text());
      if (text === this.editor.text()) this.unsaved = false;
      if ([LOST, TOO_LONG_TO_KEEP].includes(this.state.textContent ?? "")) this.idle();
    } catch {
      this.say(LOST);
      clearTimeout(this.saving);
      this.saving = window.setTimeout(() => void this.save(), 4000);
    }
  }

  private isFirst(): boolean {
    return this.all[0] === this;
  }

  private above(): readonly Cell[] {
    return this.all.slice(0, this.all.indexOf(this));
  }

  /** A name is missing: perhaps code of the lesson that makes it has not been run. */
  private offerAbove(): void {
    const missed = this.above().filter((one) => one.given && !one.ran);
    if (!missed.length) return;
    const button = quietButton(phrase("Run the code above, then this"), () => {
      for (const one of [...missed, this]) one.run();
    });
    this.outputs.say(phrase("Code further up on this page has not been run yet."), button);
  }

  private againButton(): HTMLButtonElement | undefined {
    const again = this.above().filter((one) => one.ran);
    if (!again.length) return undefined;
    return quietButton(phrase("Run the code above again"), () => again.forEach((one) => one.run()));
  }
}

/** A button that can be pressed once. */
function quietButton(text: string, pressed: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.className = "quiet-button";
  button.textContent = text;
  button.onclick = () => {
    button.remove();
    pressed();
  };
  return button;
}
