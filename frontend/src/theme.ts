/** Light and dark: the switch in the head of a page works without leaving it. */

/** Follow the links to /theme/... in place; without scripts they are ordinary links. */
export function themeSwitch(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.<HTMLAnchorElement>('a[href^="/theme/"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.documentElement.dataset["theme"] = link.pathname.split("/")[2]!;
    void fetch(`${link.pathname}?back=/alive`); // the server remembers it for the next page
  });
}
