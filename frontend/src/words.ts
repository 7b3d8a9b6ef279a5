/** What the scripts say, in the language of the page. Texts are English; a page in another brings them. */

const texts = brought();

/** English to the language of the page; nothing where that is English, and outside of a page. */
function brought(): Record<string, string> {
  const element = globalThis.document?.getElementById("words");
  return element ? (JSON.parse(element.textContent!) as Record<string, string>) : {};
}

/** A text as the reader reads it, with its {places} filled: phrase("step {step}", { step: 3 }). */
export function phrase(text: string, values: Record<string, string | number> = {}): string {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
