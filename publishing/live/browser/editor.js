/* CodeMirror, in the page's own colours. Tab leaves it, so that the keyboard is never caught. */

import { python } from "@codemirror/lang-python";
import { indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { minimalSetup } from "codemirror";

/* An editor of `source` in `parent`. `run` is called on Ctrl-Enter and Shift-Enter, `changed` with each new text. */
export function edit(parent, source, name, run, changed) {
  const keys = ["Ctrl-Enter", "Shift-Enter"].map((key) => ({ key, run: () => (run(), true) }));
  return new EditorView({
    parent,
    doc: source,
    extensions: [
      keymap.of(keys),
      minimalSetup,
      lineNumbers(),
      python(),
      indentUnit.of("    "),
      syntaxHighlighting(classHighlighter),
      EditorView.contentAttributes.of({ "aria-label": name }),
      EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
    ],
  });
}
