import type { languages } from "monaco-editor/editor/editor.api";
import type { Monaco } from "./editor-api";

/** The workflow languages' names. */
export const LANGUAGES = { yaml: "apg-yaml", json: "apg-json" } as const;

const expression: languages.IMonarchLanguageRule[] = [
  [/\}\}/, { token: "delimiter.expression", next: "@pop" }],
  [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/, "string.expression"],
  [/\{/, { token: "expression", next: "@braces" }],
  // One that is not closed ends with its line, so that the rest keeps its colours.
  [/[^}"'{]+$/, { token: "expression", next: "@popall" }],
  [/[^}"'{]+/, "expression"],
  [/.$/, { token: "expression", next: "@popall" }],
  [/./, "expression"],
];
const braces: languages.IMonarchLanguageRule[] = [
  [/\{/, { token: "expression", next: "@push" }],
  [/\}/, { token: "expression", next: "@pop" }],
  [/[^{}]+$/, { token: "expression", next: "@popall" }],
  [/[^{}]+/, "expression"],
];

const yaml: languages.IMonarchLanguage = {
  defaultToken: "string",
  tokenizer: {
    root: [
      [/^\s*(?:%.*|---.*|\.\.\.)$/, "comment"],
      [/(^|\s)#.*$/, "comment"],
      [/\{\{/, { token: "delimiter.expression", next: "@expression" }],
      // What these keys hold are names a person chose, whatever they look like.
      [
        /(\s*)((?:- +)*)(id|source|target|category|workflow_id|case)(\s*)(:)(\s+)([\w.]+)(?=\s*(?:[,}]|#|$))/,
        ["white", "delimiter", "key", "white", "delimiter", "white", "string"],
      ],
      // A key: plain or quoted, followed by a colon and a space or the line's end.
      [
        /(\s*)((?:- +)*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:,[\]{}"'&*!|>%@`-][^#:,[\]{}]*?|-[^\s#:,[\]{}][^#:,[\]{}]*?)(\s*)(:)(?=\s|$)/,
        ["white", "delimiter", "key", "white", "delimiter"],
      ],
      [/-(?=\s|$)/, "delimiter"],
      [/[{}[\],:?]/, "delimiter"],
      [/[|>][+-]?\d*\s*$/, "word"],
      [/[&*][\w-]+/, "word"],
      [/!\S*/, "word"],
      [/"/, { token: "string", next: "@double" }],
      [/'/, { token: "string", next: "@single" }],
      [/(?:true|false|null|~)(?=\s*(?:[,\]}]|#|$))/, "word"],
      [/[-+]?(?:0x[\da-f]+|0o[0-7]+|\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|\.inf|\.nan)(?=\s*(?:[,\]}]|\s#|$))/i, "number"],
      [/\d+\.\d+\.\d+\S*(?=\s*$)/, "number"],
      [/[A-Z][A-Z_]+(?=\s*(?:[,\]}]|#|$))|[a-z]+(?:_[a-z]+)+(?=\s*(?:[,\]}]|#|$))/, "word"],
      // A quote inside a word is an apostrophe.
      [/[^\s{}[\],:#"'|>&*!-][^\s{}[\],:#]*/, "string"],
      [/\s+/, "white"],
      [/./, "string"],
    ],
    double: [
      [/\{\{/, { token: "delimiter.expression", next: "@expression" }],
      [/\\./, "string.escape"],
      [/"/, { token: "string", next: "@pop" }],
      [/[^"\\{]+$/, { token: "string", next: "@pop" }],
      [/[^"\\{]+/, "string"],
      [/./, "string"],
    ],
    single: [
      [/\{\{/, { token: "delimiter.expression", next: "@expression" }],
      [/''/, "string.escape"],
      [/'/, { token: "string", next: "@pop" }],
      [/[^'{]+$/, { token: "string", next: "@pop" }],
      [/[^'{]+/, "string"],
      [/./, "string"],
    ],
    expression,
    braces,
  },
};

const json: languages.IMonarchLanguage = {
  defaultToken: "",
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, "key"],
      [/"/, { token: "string", next: "@double" }],
      [/[{}[\],:]/, "delimiter"],
      [/true|false|null/, "word"],
      [/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, "number"],
      [/\s+/, "white"],
    ],
    double: [
      [/\{\{/, { token: "delimiter.expression", next: "@expression" }],
      [/\\./, "string.escape"],
      [/"/, { token: "string", next: "@pop" }],
      [/[^"\\{]+$/, { token: "string", next: "@pop" }],
      [/[^"\\{]+/, "string"],
      [/./, "string"],
    ],
    expression,
    braces,
  },
};

/** Makes the workflow languages known: keys, words, numbers, and expressions inside strings. */
export function registerLanguages(monaco: Monaco): void {
  for (const [id, grammar] of [
    [LANGUAGES.yaml, yaml],
    [LANGUAGES.json, json],
  ] as const) {
    monaco.languages.register({ id });
    monaco.languages.setMonarchTokensProvider(id, grammar);
    monaco.languages.setLanguageConfiguration(id, {
      comments: id === LANGUAGES.yaml ? { lineComment: "#" } : {},
      brackets: [
        ["{", "}"],
        ["[", "]"],
      ],
      // Colour belongs to what the text says; brackets keep the punctuation's.
      colorizedBracketPairs: [],
      autoClosingPairs: [
        { open: "{", close: "}" },
        { open: "[", close: "]" },
        { open: '"', close: '"', notIn: ["string"] },
      ],
      surroundingPairs: [
        { open: "{", close: "}" },
        { open: "[", close: "]" },
        { open: '"', close: '"' },
        { open: "'", close: "'" },
      ],
      wordPattern: /[a-zA-Z_][\w]*|-?\d+(?:\.\d+)*/,
      ...(id === LANGUAGES.yaml
        ? {
            folding: { offSide: true },
            onEnterRules: [{ beforeText: /:\s*$/, action: { indentAction: monaco.languages.IndentAction.Indent } }],
            indentationRules: { increaseIndentPattern: /^\s*.*:\s*$/, decreaseIndentPattern: /^\s+\}$/ },
          }
        : {}),
    });
  }
}
