import type { GlyphState } from "../ui/glyph-state";

/** A word or number at the foot of the window. */
export interface StatusItem {
  readonly side: "left" | "right";
  readonly text: string;
  readonly icon?: unknown;
  readonly glyph?: GlyphState;
  readonly severity?: "error" | "warning" | "info";
  /** Its full sentence, for readers and the tooltip. */
  readonly title?: string;
  readonly run?: () => void;
  /** Left out below 1200 px. */
  readonly wide?: boolean;
}

/** What the screen shown says in the status bar, beside what the frame says. */
export class StatusBar {
  items = $state.raw<readonly StatusItem[]>([]);

  /** Shows `items` until the result is called: `$effect(() => statusBar.show([…]))`. */
  show(items: readonly StatusItem[]): () => void {
    this.items = items;
    return () => {
      if (this.items === items) this.items = [];
    };
  }
}

/** The window's status bar. */
export const statusBar = new StatusBar();
