/** A picture of one's own: a file, dropped, pasted, or from the camera. It leaves the page small. */

import { make, say } from "../draw/dom.ts";
import { phrase } from "../words.ts";
import { LARGEST, letters, QUALITIES, refusal, shrinkings, SIDE, source } from "./ownjpeg.ts";

export interface Owner {
  name: string; // of the knob
  help: string; // the id of what explains it
  take(letters: string): void;
  complain(sentence: string): void;
}

/** Build the knob into `el`; returns how to show what it holds. */
export function mount(el: HTMLElement, owner: Owner): (text: string) => void {
  const seen = make("img", { alt: phrase("your picture"), width: SIDE, height: SIDE, hidden: true });
  const hint = make("span", { class: "own-hint" }, phrase("or drop or paste one here"));
  const file = make("input", { type: "file", accept: "image/*", class: "unseen", tabindex: -1, "aria-hidden": "true" });
  const told = make("span", { class: "unseen", role: "status" });
  const away = make("button", { type: "button", onclick: () => {
    owner.take("");
    choose.focus(); // this button is gone
  } }, phrase("take it away"));
  const take = async (blob: Blob | undefined | null) => {
    owner.complain("");
    try {
      owner.take(await encode(blob));
      say(told, phrase("Your picture is there."));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      owner.complain(error.message);
    }
  };
  file.addEventListener("change", () => {
    void take(file.files?.[0]);
    file.value = ""; // the same file may be chosen again
  });
  const pick = (capture: boolean) => {
    file.toggleAttribute("capture", capture);
    file.click();
  };
  const choose = make("button", { type: "button", "aria-describedby": owner.help, onclick: () => pick(false) },
    phrase("choose a picture"));
  const ways = make("div", { class: "own-ways" }, choose, cameraButton(take, () => pick(true)), away, hint, file, told);
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", phrase("{knob}: a picture of your own", { knob: owner.name }));
  el.replaceChildren(seen, ways);
  takeDrops(el, (blob) => void take(blob));
  takePastes(el, (blob) => void take(blob));
  return (text) => {
    if (text) seen.src = source(text);
    seen.hidden = away.hidden = !text;
    hint.hidden = Boolean(text);
  };
}

class Refused extends Error {}

/** The middle of a picture, upright, as the letters of a small JPEG. */
async function encode(blob: Blob | undefined | null): Promise<string> {
  if (!blob) throw new Refused(phrase("There was no picture in it: choose a file, or copy a picture and paste it."));
  if (blob.size > LARGEST) throw new Refused(refusal(blob));
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    throw new Refused(refusal(blob)); // the browser says no more than that it cannot
  }
  try {
    return shrink(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** The middle of what can be drawn, in halves, so that no place is skipped; then as letters. */
function shrink(from: CanvasImageSource, width: number, height: number): string {
  let [drawn, side] = [from, Math.min(width, height)];
  let [left, top] = [(width - side) / 2, (height - side) / 2];
  for (const next of shrinkings(side)) {
    const canvas = make("canvas", { width: next, height: next });
    const c = canvas.getContext("2d", { alpha: false })!;
    c.imageSmoothingQuality = "high";
    c.fillStyle = "#fff"; // what can be seen through stands on white
    c.fillRect(0, 0, next, next);
    c.drawImage(drawn, left, top, side, side, 0, 0, next, next);
    [drawn, side, left, top] = [canvas, next, 0, 0];
  }
  const small = QUALITIES.map((quality) => () => letters((drawn as HTMLCanvasElement).toDataURL("image/jpeg", quality)));
  for (const made of small) {
    const text = made();
    if (text) return text;
  }
  throw new Refused(phrase("This browser does not give the picture out: its protection against being recognised may forbid it."));
}

function takeDrops(el: HTMLElement, take: (blob: Blob | undefined) => void): void {
  const over = (on: boolean) => (event: DragEvent) => {
    if (on) event.preventDefault(); // so that the browser does not open it
    el.classList.toggle("over", on);
  };
  el.addEventListener("dragover", over(true));
  el.addEventListener("dragleave", over(false));
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    el.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
}

/** What is pasted belongs to the knob with the focus, or under the pointer. */
function takePastes(el: HTMLElement, take: (blob: Blob | undefined) => void): void {
  const pasted = (event: ClipboardEvent) => {
    if (!el.isConnected) document.removeEventListener("paste", pasted);
    const target = event.target as Element;
    const typed = target.matches("input:not([type=file]), textarea, [contenteditable]");
    if (!el.contains(target) && (typed || !el.matches(":hover"))) return;
    event.preventDefault();
    take([...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/")));
  };
  document.addEventListener("paste", pasted);
}

// ---- the camera

/** A button for the camera: in the page where that is allowed, else the telephone's own. */
function cameraButton(take: (blob: Blob | null) => void, capture: () => void): HTMLElement | null {
  const inside = Boolean(navigator.mediaDevices); // only where the connection is secure
  if (!inside && !matchMedia("(pointer: coarse)").matches) return null;
  const open = () => (inside ? void lookThrough(take) : capture());
  return make("button", { type: "button", onclick: open }, phrase("camera"));
}

/** A dialog with what the camera sees, and a shutter. */
async function lookThrough(take: (blob: Blob | null) => void): Promise<void> {
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": phrase("what the camera sees") });
  video.muted = true;
  const says = make("p", { role: "status" }, phrase("Waiting for the camera …"));
  const shutter = make("button", { type: "button", class: "plain-button", disabled: true, onclick: () => {
    void still(video).then(take);
    dialog.close();
  } }, phrase("take the picture"));
  const close = make("button", { type: "button", class: "plain-button", onclick: () => dialog.close() }, phrase("close"));
  const dialog = make("dialog", { class: "camera", "aria-label": phrase("camera") },
    video, says, make("div", { class: "camera-ways" }, shutter, close));
  let stream: MediaStream | null = null;
  const end = () => stream?.getTracks().forEach((track) => track.stop());
  dialog.addEventListener("close", () => {
    setTimeout(end); // after the still has been drawn
    dialog.remove();
  });
  document.body.append(dialog); // outside of the figure, whose keys would be heard
  dialog.showModal();
  try {
    const asked = { video: { facingMode: { ideal: "environment" }, width: { ideal: 640 } } };
    stream = await navigator.mediaDevices.getUserMedia(asked);
    if (!dialog.open) return end(); // closed meanwhile
    video.srcObject = stream;
    await video.play();
    say(says, phrase("The middle of it is taken. The picture stays on this computer until you press the button."));
    shutter.disabled = false;
    shutter.focus();
  } catch (error) {
    if (dialog.open) say(says, cameraRefusal((error as DOMException).name));
  }
}

function cameraRefusal(name: string): string {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return phrase("The camera was not allowed: allow it for this page in the browser, or choose a file.");
    case "NotFoundError":
    case "OverconstrainedError":
      return phrase("There is no camera here: choose a file.");
    case "NotReadableError":
      return phrase("The camera is in use elsewhere: close the other program, or choose a file.");
    default:
      return phrase("The camera could not be opened: choose a file.");
  }
}

/** What the camera sees now. */
function still(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
