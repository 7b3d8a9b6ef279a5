/** Formulas, set by KaTeX. The TeX stays in the page for those without scripts, and on mistakes. */

import katex from "katex";

/** Set every formula below a node that has not been set. */
export function setFormulas(root: ParentNode): void {
  for (const el of root.querySelectorAll<HTMLElement>(".math:not([data-set])")) {
    const tex = el.textContent!;
    el.dataset["set"] = "";
    try {
      // nodes, not text: styles that are set on nodes are allowed by the page's policy
      katex.render(tex, el, { displayMode: el.classList.contains("display"), throwOnError: true, strict: false });
    } catch (error) {
      el.textContent = tex;
      el.title = error instanceof Error ? error.message : String(error);
    }
  }
}
