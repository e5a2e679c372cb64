import type { editor, languages } from "monaco-editor/editor/editor.api";
import type { Finding } from "@shared/workflow/finding";
import { LANGUAGES } from "./languages";
import type { Monaco } from "./editor-api";
import { TextMap } from "./text-map";

/** One proposal at the caret. `from`..`to` are offsets of what it replaces. */
export interface Proposal {
  readonly label: string;
  readonly kind: "key" | "value" | "type" | "component" | "name" | "field" | "function";
  readonly detail?: string;
  readonly help?: string;
  readonly insert: string;
  /** `insert` holds `$0` and such, where the caret goes. */
  readonly snippet?: boolean;
  readonly from: number;
  readonly to: number;
}

/** What the editor asks of the document shown. Offsets are those of the document's text. */
export interface TextSource {
  readonly text: () => string;
  readonly complete: (offset: number) => readonly Proposal[];
  readonly hover: (
    offset: number,
  ) => { readonly markdown: string; readonly from: number; readonly to: number } | undefined;
  readonly findings: () => readonly Finding[];
  readonly fix: (finding: Finding) => void;
}

const sources = new Map<string, TextSource>();

/** Has `source` answer for a model until the result is called. */
export function answerFor(model: editor.ITextModel, source: TextSource): () => void {
  const key = model.uri.toString();
  sources.set(key, source);
  return () => {
    sources.delete(key);
  };
}

const FIX = "apg.fix";

/** Completion, hover and quick fixes of the workflow languages; each asks the source of its model. */
export function registerProviders(monaco: Monaco): void {
  const kinds: { readonly [kind in Proposal["kind"]]: languages.CompletionItemKind } = {
    key: monaco.languages.CompletionItemKind.Property,
    value: monaco.languages.CompletionItemKind.EnumMember,
    type: monaco.languages.CompletionItemKind.Class,
    component: monaco.languages.CompletionItemKind.Reference,
    name: monaco.languages.CompletionItemKind.Variable,
    field: monaco.languages.CompletionItemKind.Field,
    function: monaco.languages.CompletionItemKind.Function,
  };
  monaco.editor.registerCommand(FIX, (_services, uri: string, index: number) => {
    const source = sources.get(uri);
    const finding = source?.findings()[index];
    if (source && finding) source.fix(finding);
  });
  for (const language of Object.values(LANGUAGES)) {
    monaco.languages.registerCompletionItemProvider(language, {
      triggerCharacters: [" ", ":", "{", ".", '"', "-"],
      provideCompletionItems(model, position) {
        const source = sources.get(model.uri.toString());
        if (!source) return { suggestions: [] };
        const map = new TextMap(source.text());
        const offset = map.offset({ line: position.lineNumber, column: position.column });
        return {
          suggestions: source.complete(offset).map((proposal, index) => ({
            label: proposal.detail ? { label: proposal.label, description: proposal.detail } : proposal.label,
            kind: kinds[proposal.kind],
            insertText: proposal.insert,
            ...(proposal.snippet
              ? { insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet }
              : {}),
            ...(proposal.help ? { documentation: { value: proposal.help } } : {}),
            range: rangeOf(map, proposal.from, proposal.to),
            filterText: proposal.label,
            sortText: String(index).padStart(5, "0"),
          })),
        };
      },
    });
    monaco.languages.registerHoverProvider(language, {
      provideHover(model, position) {
        const source = sources.get(model.uri.toString());
        if (!source) return null;
        const map = new TextMap(source.text());
        const found = source.hover(map.offset({ line: position.lineNumber, column: position.column }));
        return found ? { contents: [{ value: found.markdown }], range: rangeOf(map, found.from, found.to) } : null;
      },
    });
    monaco.languages.registerCodeActionProvider(language, {
      provideCodeActions(model, range) {
        const uri = model.uri.toString();
        const actions = (sources.get(uri)?.findings() ?? []).flatMap((finding, index): languages.CodeAction[] => {
          const { place, fix } = finding;
          if (!fix || place.endLine < range.startLineNumber || place.line > range.endLineNumber) return [];
          return [
            {
              title: fix.title,
              kind: "quickfix",
              isPreferred: true,
              command: { id: FIX, title: fix.title, arguments: [uri, index] },
            },
          ];
        });
        return { actions, dispose: () => undefined };
      },
    });
  }
}

function rangeOf(
  map: TextMap,
  from: number,
  to: number,
): { startLineNumber: number; startColumn: number; endLineNumber: number; endColumn: number } {
  const start = map.spot(from);
  const end = map.spot(to);
  return { startLineNumber: start.line, startColumn: start.column, endLineNumber: end.line, endColumn: end.column };
}
