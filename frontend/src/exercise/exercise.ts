/** Exercises: code that a judge looks at, also as one types. */

import { Cell, LOST } from "./cell.ts";
import { Driven } from "./driven.ts";
import type { Said } from "./kernel.ts";
import type { Stream } from "../stream.ts";
import { NOT_KEPT } from "../statuses.ts";
import { phrase } from "../words.ts";

const CHECK_AFTER = 1500; // milliseconds without a key

export class Exercise extends Cell {
  override readonly given = false;
  private readonly form: HTMLFormElement;
  private quiet = 0;
  private judging: AbortController | null = null;
  private checking = false; // a check that was asked for, not one as one types
  private readonly driven: Driven | null = null; // the figure that this code can drive
  private driving = false;

  constructor(
    place: HTMLElement,
    line: Stream<Said>,
    all: readonly Cell[],
    private readonly drawn: (root: ParentNode) => void,
  ) {
    super(place, line, all);
    this.form = place.querySelector("form.attempt")!;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter();
    });
    const figure = place.querySelector<HTMLElement>(".driven");
    if (!figure) return;
    this.driven = new Driven(figure);
    place.querySelector("[data-do=drive]")!.addEventListener("click", () => void this.drive());
  }

  protected override enter(): void {
    void this.check(false);
  }

  protected override changed(): void {
    super.changed();
    this.driven?.age();
    this.judging?.abort();
    clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => void this.check(true), CHECK_AFTER);
  }

  /** What a kernel says meanwhile does not hide that a check is under way. */
  protected override idle(): void {
    if (this.checking) this.say(phrase("checking"));
    else if (this.driving) this.say(phrase("running"));
    else super.idle();
  }

  /** Have the text judged; `quiet` is as one types, and says nothing about a line that is not finished. */
  private async check(quiet: boolean): Promise<void> {
    if (quiet && (this.editor.text() === this.starter || this.judging)) return;
    clearTimeout(this.quiet);
    this.judging?.abort();
    const judging = (this.judging = new AbortController());
    this.checking = !quiet;
    if (!quiet) this.say(phrase("checking"));
    try {
      const reply = await fetch(this.form.action, {
        method: "POST",
        body: this.fields(quiet ? { quiet: "1" } : {}),
        headers: { accept: "text/x-fragment" },
        signal: judging.signal,
      });
      if (reply.status === NOT_KEPT) {
        this.checking = false;
        return this.say(await reply.text());
      }
      if (!reply.ok) throw new Error((await reply.text()).slice(0, 300));
      this.verdict(await reply.text(), quiet);
      this.checking = false;
      this.idle();
    } catch (error) {
      if (!judging.signal.aborted && !quiet) {
        const failed = phrase("This could not be checked: reload the page and try again.");
        this.say(error instanceof TypeError ? LOST : failed);
      }
    } finally {
      if (this.judging === judging) {
        this.judging = null;
        this.checking = false;
      }
    }
  }

  /** Let the function in the editor drive the figure, beside ours. */
  private async drive(): Promise<void> {
    if (this.driving) return;
    this.driving = true;
    this.driven!.begin();
    this.say(phrase("running"));
    let failed = "";
    try {
      const reply = await fetch(`${this.form.action}/drive`, { method: "POST", body: this.fields() });
      if (!reply.ok) throw new Error((await reply.text()).slice(0, 300));
      this.editor.mark(this.driven!.show(await reply.arrayBuffer()));
    } catch (error) {
      failed = error instanceof TypeError ? LOST : phrase("This could not be run: reload the page and try again.");
    } finally {
      this.driving = false;
      this.idle();
      if (failed) this.say(failed);
    }
  }

  private verdict(html: string, quiet: boolean): void {
    const made = document.createRange().createContextualFragment(html).querySelector<HTMLElement>(".judged")!;
    const head = made.querySelector<HTMLElement>(".verdict");
    this.place.querySelector(".judged")!.replaceWith(made);
    this.drawn(made);
    const solved = made.dataset["solved"] === "1";
    this.place.classList.toggle("solved", solved);
    this.place.querySelector<HTMLElement>(".solved-mark")!.hidden = !solved;
    this.editor.mark(Number(head?.dataset["line"] ?? 0));
    if (!quiet) head?.focus();
  }
}
