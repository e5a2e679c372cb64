import type { editor, IDisposable } from "monaco-editor/editor/editor.api";
import type { Finding, Severity } from "@shared/workflow/finding";
import { LANGUAGES } from "./languages";
import { monaco } from "./monaco";
import { answerFor, type Proposal } from "./providers";
import { changeBetween, TextMap, type Spot, type TextChange } from "./text-map";
import { THEME } from "./theme";

/** What the editor tells. */
export interface TextEvents {
  readonly change: (changes: readonly TextChange[]) => void;
  readonly cursor: (spot: Spot, offset: number, byUser: boolean) => void;
  readonly breakpoint: (line: number) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly escape: () => void;
  readonly complete: (offset: number) => readonly Proposal[];
  readonly hover: (
    offset: number,
  ) => { readonly markdown: string; readonly from: number; readonly to: number } | undefined;
  readonly fix: (finding: Finding) => void;
}

/** What is painted beside and behind the text. */
export interface TextMarks {
  readonly range: { readonly line: number; readonly endLine: number } | undefined;
  readonly heldLines: readonly number[];
  readonly breakpoints: readonly { readonly line: number; readonly enabled: boolean; readonly conditional: boolean }[];
}

let count = 0;

/**
 * The editor of one workflow's text. The text outside is the true one: what is typed is told as changes to it, and what
 * comes back changes the editor only where it differs, so caret and scrolling stay. Undo is the document's, not the editor's.
 */
export class TextEditor {
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #model: editor.ITextModel;
  readonly #marks: editor.IEditorDecorationsCollection;
  readonly #ends: (() => void)[] = [];
  #text: string;
  #findings: readonly Finding[] = [];
  /** Set while the text outside is taken over, so that it is not told back as typing. */
  #taking = false;

  constructor(
    box: HTMLElement,
    start: {
      readonly text: string;
      readonly format: "yaml" | "json";
      readonly name: string;
      readonly readOnly: boolean;
    },
    events: TextEvents,
  ) {
    this.#text = start.text;
    this.#model = monaco.editor.createModel(
      start.text,
      LANGUAGES[start.format],
      monaco.Uri.parse(`apg-text:/${++count}`),
    );
    this.#editor = monaco.editor.create(box, {
      model: this.#model,
      theme: THEME,
      ariaLabel: start.name,
      readOnly: start.readOnly,
      automaticLayout: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono"),
      fontSize: 12,
      lineHeight: 18,
      minimap: { enabled: false },
      bracketPairColorization: { enabled: false },
      glyphMargin: true,
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 8,
      folding: true,
      showFoldingControls: "mouseover",
      scrollBeyondLastLine: false,
      renderLineHighlight: "none",
      overviewRulerBorder: false,
      tabSize: 2,
      insertSpaces: true,
      detectIndentation: false,
      wordBasedSuggestions: "off",
      quickSuggestions: { other: true, strings: true, comments: false },
      suggest: { showWords: false, showIcons: true },
      padding: { top: 6, bottom: 12 },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
      fixedOverflowWidgets: true,
      contextmenu: true,
      unicodeHighlight: { ambiguousCharacters: false },
      guides: { indentation: false },
      stickyScroll: { enabled: false },
    });
    this.#marks = this.#editor.createDecorationsCollection();
    const keep = (item: IDisposable): void => void this.#ends.push(() => item.dispose());
    keep(this.#model.onDidChangeContent((event) => this.#changed(event, events)));
    keep(
      this.#editor.onDidChangeCursorPosition(({ position, reason, source }) => {
        if (this.#taking) return;
        const spot = { line: position.lineNumber, column: position.column };
        const byUser =
          source === "mouse" || source === "keyboard" || reason === monaco.editor.CursorChangeReason.Explicit;
        events.cursor(spot, new TextMap(this.#text).offset(spot), byUser);
      }),
    );
    keep(
      this.#editor.onMouseDown(({ target }) => {
        if (target.type === monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN && target.position)
          events.breakpoint(target.position.lineNumber);
      }),
    );
    const key = (id: string, keybindings: number[], run: () => void): void =>
      keep(this.#editor.addAction({ id, label: id, keybindings, run }));
    const { KeyMod, KeyCode } = monaco;
    key("apg.undo", [KeyMod.CtrlCmd | KeyCode.KeyZ], events.undo);
    key("apg.redo", [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ, KeyMod.CtrlCmd | KeyCode.KeyY], events.redo);
    keep(
      this.#editor.addAction({
        id: "apg.leave",
        label: "apg.leave",
        keybindings: [KeyCode.Escape],
        precondition:
          "!suggestWidgetVisible && !findWidgetVisible && !editorHasSelection && !editorHasMultipleSelections && !inSnippetMode && !markersNavigationVisible && !editorHoverVisible",
        run: events.escape,
      }),
    );
    this.#ends.push(
      answerFor(this.#model, {
        text: () => this.#text,
        complete: events.complete,
        hover: events.hover,
        findings: () => this.#findings,
        fix: events.fix,
      }),
    );
  }

  /** Shows `text`, changing only what differs. */
  setText(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    const plain = text.replace(/^\uFEFF/, "").replace(/\r\n|\r|\n/g, this.#model.getEOL());
    const change = changeBetween(this.#model.getValue(), plain);
    if (!change) return;
    const from = this.#model.getPositionAt(change.from);
    const to = this.#model.getPositionAt(change.to);
    this.#taking = true;
    this.#model.pushEditOperations(
      [],
      [{ range: monaco.Range.fromPositions(from, to), text: change.insert, forceMoveMarkers: true }],
      () => null,
    );
    this.#taking = false;
  }

  setReadOnly(readOnly: boolean): void {
    this.#editor.updateOptions({ readOnly });
  }

  setFindings(findings: readonly Finding[]): void {
    this.#findings = findings;
    const severities: { readonly [severity in Severity]: number } = {
      error: monaco.MarkerSeverity.Error,
      warning: monaco.MarkerSeverity.Warning,
      info: monaco.MarkerSeverity.Info,
    };
    monaco.editor.setModelMarkers(
      this.#model,
      "check",
      findings.map(({ place, message, rule, severity }) => ({
        severity: severities[severity],
        message,
        code: rule,
        startLineNumber: place.line,
        startColumn: place.column,
        endLineNumber: place.endLine,
        endColumn: place.endColumn,
      })),
    );
  }

  setMarks({ range, heldLines, breakpoints }: TextMarks): void {
    const line = (from: number, to: number, options: editor.IModelDecorationOptions): editor.IModelDeltaDecoration => ({
      range: new monaco.Range(from, 1, to, 1),
      options,
    });
    this.#marks.set([
      ...(range
        ? [
            line(range.line, range.endLine, {
              isWholeLine: true,
              className: "in-selection",
              linesDecorationsClassName: "in-selection-bar",
            }),
          ]
        : []),
      ...heldLines.map((held) => line(held, held, { isWholeLine: true, className: "held-line" })),
      ...breakpoints.map(({ line: at, enabled, conditional }) =>
        line(at, at, {
          glyphMarginClassName: `text-breakpoint${enabled ? "" : " muted"}${conditional ? " conditional" : ""}`,
        }),
      ),
    ]);
  }

  /** Scrolls lines into sight if they are not. */
  reveal(line: number, endLine = line): void {
    const last = this.#model.getLineCount();
    this.#editor.setScrollLeft(0);
    this.#editor.revealLinesInCenterIfOutsideViewport(Math.min(line, last), Math.min(endLine, line + 12, last));
  }

  /** Puts the caret somewhere and the focus into the editor. */
  goTo(spot: Spot): void {
    this.#editor.setPosition({ lineNumber: spot.line, column: spot.column });
    this.#editor.revealPositionInCenterIfOutsideViewport({ lineNumber: spot.line, column: spot.column });
    this.#editor.focus();
  }

  focus(): void {
    this.#editor.focus();
  }

  hasFocus(): boolean {
    return this.#editor.hasTextFocus();
  }

  find(): void {
    void this.#editor.getAction("actions.find")?.run();
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.#editor.dispose();
    this.#model.dispose();
  }

  #changed(event: editor.IModelContentChangedEvent, events: TextEvents): void {
    if (this.#taking) return;
    const map = new TextMap(this.#text);
    const changes = event.changes.map(({ range, text }) => ({
      from: map.offset({ line: range.startLineNumber, column: range.startColumn }),
      to: map.offset({ line: range.endLineNumber, column: range.endColumn }),
      insert: text.replace(/\r\n|\r|\n/g, map.eol),
    }));
    // Later ones first, so that none moves the offsets of another.
    changes.sort((a, b) => b.from - a.from);
    for (const { from, to, insert } of changes) this.#text = this.#text.slice(0, from) + insert + this.#text.slice(to);
    events.change(changes);
  }
}
