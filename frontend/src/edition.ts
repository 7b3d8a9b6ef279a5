/** While a lesson is written: a page that is open shows what was saved, and loses nothing typed. */

const LOOK_EVERY = 2000; // milliseconds
const SAVING = 400; // milliseconds that the editors get to send what was typed

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Look for another edition of the lesson, and load the page again when there is one. */
export function watchEdition(lesson: string, shown: string): void {
  const place = `unsent ${lesson}`;
  putBack(JSON.parse(sessionStorage.getItem(place) ?? "{}") as Record<string, string[][]>);
  sessionStorage.removeItem(place);
  const look = async () => {
    if (!document.hidden && (await edition(lesson, shown)) !== shown) {
      sessionStorage.setItem(place, JSON.stringify(unsent()));
      dispatchEvent(new Event("pagehide")); // editors send what they have not sent yet
      window.setTimeout(() => location.reload(), SAVING);
    } else window.setTimeout(look, LOOK_EVERY);
  };
  window.setTimeout(look, LOOK_EVERY);
}

/** The edition on the server; the one that is shown where the course cannot be read just now. */
async function edition(lesson: string, shown: string): Promise<string> {
  try {
    const reply = await fetch(`/lesson/${lesson}/edition`);
    return reply.ok ? await reply.text() : shown;
  } catch {
    return shown; // the server is away: the page stays as it is
  }
}

/** What was chosen and typed in answers that have not been sent, by form. */
function unsent(): Record<string, string[][]> {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form.answer")];
  return Object.fromEntries(
    forms.map((form) => [
      form.getAttribute("action")!,
      [...new FormData(form)].map(([name, value]) => [name, String(value)]).filter(([name]) => name !== "key"),
    ]),
  );
}

function putBack(kept: Record<string, string[][]>): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.answer")) {
    for (const [name, value] of kept[form.getAttribute("action")!] ?? []) {
      for (const field of form.elements as Iterable<Element> as Iterable<Field>) {
        if (field.name !== name) continue;
        if (field.type === "radio" || field.type === "checkbox") {
          if (field.value === value) (field as HTMLInputElement).checked = true;
        } else field.value = value!;
      }
    }
  }
}
