/** The editor's library, as it is handed to those who teach it something. */
export type Monaco = typeof import("monaco-editor/editor/editor.api");
