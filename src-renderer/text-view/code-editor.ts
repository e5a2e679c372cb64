import type { editor, IDisposable } from "monaco-editor/editor/editor.api";
import { LANGUAGES } from "./languages";
import { monaco } from "./monaco";
import { changeBetween } from "./text-map";
import { THEME } from "./theme";

/** What the editor tells. Without `undo` it keeps its own history. */
export interface CodeEvents {
  readonly change: (value: string) => void;
  readonly escape: () => void;
  readonly undo?: () => void;
  readonly redo?: () => void;
}

/** An editor of one value: code, or JSON. */
export class CodeEditor {
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #model: editor.ITextModel;
  readonly #ends: IDisposable[] = [];
  #taking = false;

  constructor(
    box: HTMLElement,
    start: { readonly value: string; readonly language: string; readonly name: string },
    events: CodeEvents,
  ) {
    this.#model = monaco.editor.createModel(start.value, languageOf(start.language));
    this.#editor = monaco.editor.create(box, {
      model: this.#model,
      theme: THEME,
      ariaLabel: start.name,
      automaticLayout: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono"),
      fontSize: 12,
      lineHeight: 18,
      minimap: { enabled: false },
      bracketPairColorization: { enabled: false },
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 8,
      scrollBeyondLastLine: false,
      renderLineHighlight: "none",
      overviewRulerBorder: false,
      tabSize: 2,
      padding: { top: 6, bottom: 12 },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
      fixedOverflowWidgets: true,
      stickyScroll: { enabled: false },
      guides: { indentation: false },
      wordBasedSuggestions: "currentDocument",
    });
    this.#ends.push(
      this.#model.onDidChangeContent(() => {
        if (!this.#taking) events.change(this.#model.getValue(monaco.editor.EndOfLinePreference.LF));
      }),
    );
    const { KeyMod, KeyCode } = monaco;
    const key = (id: string, keybindings: number[], run: () => void, precondition?: string): void =>
      void this.#ends.push(
        this.#editor.addAction({ id, label: id, keybindings, run, ...(precondition ? { precondition } : {}) }),
      );
    if (events.undo) key("apg.code-undo", [KeyMod.CtrlCmd | KeyCode.KeyZ], events.undo);
    if (events.redo)
      key("apg.code-redo", [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ, KeyMod.CtrlCmd | KeyCode.KeyY], events.redo);
    key(
      "apg.code-leave",
      [KeyCode.Escape],
      events.escape,
      "!suggestWidgetVisible && !findWidgetVisible && !editorHasSelection && !editorHasMultipleSelections && !inSnippetMode",
    );
  }

  /** Shows `value`, changing only what differs. */
  setValue(value: string): void {
    const change = changeBetween(this.#model.getValue(), value.replace(/\r\n|\r|\n/g, this.#model.getEOL()));
    if (!change) return;
    const range = monaco.Range.fromPositions(
      this.#model.getPositionAt(change.from),
      this.#model.getPositionAt(change.to),
    );
    this.#taking = true;
    this.#model.pushEditOperations([], [{ range, text: change.insert, forceMoveMarkers: true }], () => null);
    this.#taking = false;
  }

  setLanguage(language: string): void {
    monaco.editor.setModelLanguage(this.#model, languageOf(language));
  }

  setReadOnly(readOnly: boolean): void {
    this.#editor.updateOptions({ readOnly });
  }

  focus(): void {
    this.#editor.focus();
  }

  dispose(): void {
    for (const end of this.#ends) end.dispose();
    this.#editor.dispose();
    this.#model.dispose();
  }
}

function languageOf(language: string): string {
  return language === "json" ? LANGUAGES.json : language;
}
