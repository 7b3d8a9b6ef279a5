/** What a tab remembers: the run it watches, for a reload, and its state in the address. */

interface Kept {
  run: string;
  query: string;
}

export class Memory {
  private readonly key: string;

  /** With `link` the state belongs to another page: the address here stays as it is. */
  constructor(
    name: string, // of the figure on its page
    private readonly link: string | null,
    private readonly root: ParentNode = document,
  ) {
    this.key = `fathom:${location.pathname}:${name}`;
  }

  /** The run that this tab watched in this state, if any. */
  recall(query: string): string | null {
    const text = sessionStorage.getItem(this.key);
    if (!text) return null;
    const kept = JSON.parse(text) as Kept;
    return this.link !== null || kept.query === query ? kept.run : null;
  }

  /** The state has changed while the run goes on: Back must not stop at every turn of a knob. */
  keep(run: string | null, query: string): void {
    if (run) sessionStorage.setItem(this.key, JSON.stringify({ run, query } satisfies Kept));
    else sessionStorage.removeItem(this.key);
    this.write(query, "replaceState");
  }

  /** A restart: Back returns to the state before it. */
  push(query: string): void {
    sessionStorage.removeItem(this.key);
    this.write(query, location.search.slice(1) === query ? "replaceState" : "pushState");
  }

  private write(query: string, how: "pushState" | "replaceState"): void {
    if (this.link !== null) {
      const address = query ? `${this.link}?${query}` : this.link;
      for (const one of this.root.querySelectorAll<HTMLAnchorElement>("a.whole")) one.href = address;
      return;
    }
    const hash = how === "replaceState" ? location.hash : "";
    history[how](null, "", `${location.pathname}${query ? `?${query}` : ""}${hash}`);
  }
}
