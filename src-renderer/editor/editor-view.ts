/** Which of canvas and text are shown. */
export type EditorView = "canvas" | "split" | "text";

/** The tabs of the bottom panel. */
export type BottomTab = "problems" | "runs" | "logs" | "input" | "rehearsal";
