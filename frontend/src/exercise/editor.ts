/** The editor of a cell: Python with colours, and nothing that a first lesson does not need. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { phrase } from "../words.ts";

export interface Editor {
  text(): string;
  replace(text: string): void;
  /** Mark a line, counted from 1; 0 marks none. */
  mark(line: number): void;
  focus(): void;
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--accent)", fontWeight: "500" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--signal)" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: tags.meta, color: "var(--quiet)" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], fontWeight: "650" },
]);

const LOOK = EditorView.theme({
  "&": { backgroundColor: "var(--wash)", color: "var(--ink)", fontSize: "14px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", fontVariantLigatures: "none" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 16px 0 6px" },
  ".cm-gutters": { backgroundColor: "var(--wash)", color: "var(--quiet)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.6em", padding: "0 10px 0 8px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 22%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { background: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-marked": { background: "var(--signal-wash)" },
});

const setMark = StateEffect.define<number>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, change) {
    for (const effect of change.effects) {
      if (!effect.is(setMark)) continue;
      const line = effect.value;
      if (line < 1 || line > change.state.doc.lines) return Decoration.none;
      const from = change.state.doc.line(line).from;
      return Decoration.set([Decoration.line({ class: "cm-marked" }).range(from)]);
    }
    return change.docChanged ? Decoration.none : before;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Put an editor in the place of a text area, which keeps its text for a form without scripts. */
export function edit(
  area: HTMLTextAreaElement,
  heard: { changed(): void; run(): void; check(): void },
): Editor {
  const place = document.createElement("div");
  place.className = "editor";
  area.before(place);
  area.hidden = true;
  // Inside a shadow the styles are adopted sheets, which the page's policy on styles lets through.
  const root = place.attachShadow({ mode: "open" });
  const said = (what: () => void) => () => (what(), true);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        python(),
        syntaxHighlighting(COLOURS),
        LOOK,
        marked,
        keymap.of([
          { key: "Shift-Enter", run: said(heard.run) },
          { key: "Mod-Enter", run: said(heard.check) },
          indentWithTab,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({
          tabindex: "0", // as it would be without; said for tools that do not know
          "aria-label": phrase("{name}. Escape, then Tab, leaves the editor.", {
            name: area.labels?.[0]?.textContent ?? phrase("Your code"),
          }),
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          heard.changed();
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (line) => view.dispatch({ effects: setMark.of(line) }),
    focus: () => view.focus(),
  };
}
