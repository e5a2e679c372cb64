import type { Monaco } from "./editor-api";

/** The name every editor uses. */
export const THEME = "apg";

/** Makes the editor's theme from the page's tokens and shows it. */
export function defineTheme(monaco: Monaco): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => hex(style.getPropertyValue(`--${name}`).trim());
  const rule = (token: string, name: string, fontStyle?: string) => ({
    token,
    foreground: colour(name).slice(1, 7),
    ...(fontStyle ? { fontStyle } : {}),
  });
  const light = document.documentElement.dataset.theme === "light";
  monaco.editor.defineTheme(THEME, {
    base: light ? "vs" : "vs-dark",
    inherit: true,
    rules: [
      rule("", "syntax-string"),
      rule("key", "syntax-key"),
      rule("string", "syntax-string"),
      rule("string.escape", "syntax-number"),
      rule("number", "syntax-number"),
      rule("word", "syntax-word"),
      rule("keyword", "syntax-word"),
      rule("comment", "syntax-comment", "italic"),
      rule("delimiter", "syntax-punctuation"),
      rule("delimiter.expression", "syntax-punctuation"),
      rule("expression", "syntax-expression"),
      rule("string.expression", "syntax-expression"),
      rule("identifier", "syntax-string"),
      rule("type", "syntax-key"),
      rule("regexp", "syntax-expression"),
    ],
    colors: {
      "editor.background": colour("surface-page"),
      "editor.foreground": colour("syntax-string"),
      "editorLineNumber.foreground": colour("text-3"),
      "editorLineNumber.activeForeground": colour("text-1"),
      "editorLineNumber.dimmedForeground": colour("text-3"),
      "editorCursor.foreground": colour("text-1"),
      "editor.selectionBackground": `${colour("accent").slice(0, 7)}55`,
      "editor.inactiveSelectionBackground": `${colour("accent").slice(0, 7)}33`,
      "editor.lineHighlightBackground": "#00000000",
      "editor.lineHighlightBorder": "#00000000",
      "editorIndentGuide.background1": "#00000000",
      "editorIndentGuide.activeBackground1": colour("border-2"),
      "editorGutter.background": colour("surface-page"),
      "editorError.foreground": colour("severity-error"),
      "editorWarning.foreground": colour("severity-warning"),
      "editorInfo.foreground": colour("severity-info"),
      "editorLightBulb.foreground": colour("severity-warning"),
      "editorLightBulbAutoFix.foreground": colour("severity-warning"),
      "editorWidget.background": colour("surface-3"),
      "editorWidget.border": colour("border-2"),
      "editorWidget.foreground": colour("text-1"),
      "editorSuggestWidget.background": colour("surface-3"),
      "editorSuggestWidget.border": colour("border-2"),
      "editorSuggestWidget.foreground": colour("text-1"),
      "editorSuggestWidget.selectedBackground": light ? "#3556cf26" : "#6f91ff40",
      "editorSuggestWidget.selectedForeground": colour("text-1"),
      "editorSuggestWidget.highlightForeground": colour("accent"),
      "editorHoverWidget.background": colour("surface-3"),
      "editorHoverWidget.border": colour("border-2"),
      "editorHoverWidget.foreground": colour("text-1"),
      "editorBracketMatch.background": "#00000000",
      "editorBracketMatch.border": colour("border-3"),
      "editor.wordHighlightBackground": `${colour("accent").slice(0, 7)}22`,
      "editor.findMatchBackground": `${colour("state-held-fill").slice(0, 7)}66`,
      "editor.findMatchHighlightBackground": `${colour("state-held-fill").slice(0, 7)}33`,
      "input.background": colour("surface-0"),
      "input.foreground": colour("text-1"),
      "input.border": colour("border-2"),
      focusBorder: colour("focus"),
      "scrollbarSlider.background": `${colour("border-3").slice(0, 7)}55`,
      "scrollbarSlider.hoverBackground": `${colour("border-3").slice(0, 7)}88`,
      "scrollbarSlider.activeBackground": `${colour("border-3").slice(0, 7)}aa`,
      "menu.background": colour("surface-3"),
      "menu.foreground": colour("text-1"),
      "menu.selectionBackground": light ? "#3556cf26" : "#6f91ff40",
      "menu.selectionForeground": colour("text-1"),
      "menu.border": colour("border-2"),
      "widget.shadow": "#00000044",
      "editorOverviewRuler.border": "#00000000",
      foreground: colour("text-1"),
      "list.hoverBackground": light ? "#10182a0d" : "#ffffff0d",
      "textLink.foreground": colour("accent"),
    },
  });
  monaco.editor.setTheme(THEME);
}

/** The editor takes colours as #rrggbb or #rrggbbaa alone. */
function hex(colour: string): string {
  if (/^#[\da-f]{3}$/i.test(colour)) return `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}`;
  return /^#(?:[\da-f]{6}|[\da-f]{8})$/i.test(colour) ? colour : "#808080";
}
