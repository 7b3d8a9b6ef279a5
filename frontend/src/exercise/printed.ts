/** What a program prints, as a terminal would show it, without a page. */

/** The text with more of it; a carriage return goes back to the start of the line. */
export function append(before: string, added: string): string {
  if (!added.includes("\r")) return before + added;
  const start = before.lastIndexOf("\n") + 1;
  const lines = (before.slice(start) + added).split("\n").map(overwritten);
  return before.slice(0, start) + lines.join("\n");
}

/** One line in which later parts were printed over earlier ones. */
function overwritten(line: string): string {
  const parts = line.replace(/\r+$/, "").split("\r");
  return parts.reduce((shown, part) => part + shown.slice(part.length));
}
