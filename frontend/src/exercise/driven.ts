/** The figure of an exercise: a run that the learner's function drives, beside ours. */

import { decode } from "../frames.ts";
import { Figure } from "../lab/figure.ts";
import type { FrameMessage } from "../messages.ts";
import { phrase } from "../words.ts";

interface DrivenMessage {
  outcome: string; // as that of a check
  says: string;
  line: number | null; // of the learner's code
  story: string; // the way to that line
  parted: number | null; // the step at which the two part
  frames: FrameMessage[]; // of some of the steps
}

export class Driven {
  private readonly says: HTMLElement;
  private readonly story: HTMLElement;
  private readonly pictures: HTMLElement;
  private readonly steps: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly step: HTMLOutputElement;
  private readonly figure: Figure;
  private frames: FrameMessage[] = [];

  constructor(private readonly place: HTMLElement) {
    this.says = place.querySelector(".driven-says")!;
    this.story = place.querySelector(".story")!;
    this.pictures = place.querySelector(".lab-figure")!;
    this.steps = place.querySelector(".driven-steps")!;
    this.slider = place.querySelector("input")!;
    this.step = place.querySelector("output")!;
    this.figure = new Figure(this.pictures, () => {}); // nothing in it can be turned
    this.slider.addEventListener("input", () => this.draw());
  }

  /** A run begins: what will be said of it is read out, also when it was said before. */
  begin(): void {
    this.place.hidden = false;
    this.says.textContent = "";
    this.pictures.hidden = !this.frames.length;
    this.place.classList.toggle("aged", this.frames.length > 0);
  }

  /** Show how a run went, at the step where they part; the line of the code that is to be marked. */
  show(bytes: ArrayBuffer): number {
    const { says, line, story, parted, frames } = decode(bytes) as unknown as DrivenMessage;
    this.place.classList.remove("aged");
    this.says.textContent = says.replaceAll(" = ", "\u00a0=\u00a0"); // no line ends within
    this.story.hidden = !story;
    this.story.querySelector("pre")!.textContent = story;
    this.frames = frames;
    this.steps.hidden = frames.length < 2;
    this.pictures.hidden = !frames.length;
    const at = parted === null ? -1 : frames.findIndex(({ step }) => step >= parted);
    this.slider.max = String(Math.max(0, frames.length - 1));
    this.slider.value = String(at < 0 ? frames.length - 1 : at);
    this.draw();
    return line ?? 0;
  }

  /** The code has changed since. */
  age(): void {
    this.place.classList.add("aged");
  }

  private draw(): void {
    const frame = this.frames[Number(this.slider.value)];
    if (!frame) return;
    this.step.textContent = String(frame.step);
    this.slider.setAttribute("aria-valuetext", phrase("step {step}", { step: frame.step }));
    this.figure.show(frame, {});
  }
}
