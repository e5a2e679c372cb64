import type { GlyphState } from "../ui/glyph-state";
import { clockSecondsText } from "./format";

const states: { readonly [state in GlyphState]: string } = {
  pending: "pending",
  running: "running",
  completed: "completed",
  failed: "failed",
  skipped: "skipped",
  waiting: "waiting",
  held: "held",
  cached: "cached",
  retried: "retried",
  compensated: "compensated",
  cancelled: "cancelled",
  open: "breaker open",
  "half-open": "breaker half open",
};

/** What the canvas says. */
export const words = {
  canvas: "Canvas",
  states,
  tolerated: "tolerated",
  breaker: (state: "open" | "half-open", retryAt: number | undefined) =>
    `${states[state]}${state === "open" && retryAt !== undefined ? `, tries again at ${clockSecondsText(retryAt)}` : ""}`,
  breakpoint: "Breakpoint (F9)",
  breakpointAt: (title: string) => `Breakpoint at ${title}`,
  expand: (title: string) => `Open ${title}`,
  collapse: (title: string) => `Close ${title}`,
  components: (count: number) => (count === 1 ? "1 component" : `${count} components`),
  dropHere: "Drop a component here",
  noBranches: "No branches yet",
  zoom: "Zoom",
  zoomReset: (percent: number) => `${percent} %: zoom to 100 %`,
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit",
  minimap: "Overview of the canvas",
  keysGroup: "Canvas",
  /** Keys of the canvas itself, which are no commands. */
  keys: [
    { title: "Go from card to card", keys: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] },
    { title: "Choose several", keys: ["Shift+ArrowDown"] },
    { title: "Move what is chosen", keys: ["Alt+ArrowDown"] },
    { title: "Add what comes next", keys: ["Tab"] },
    { title: "Connect to another card", keys: ["C"] },
    { title: "Open the form", keys: ["Enter"] },
    { title: "Open or close a container", keys: ["Space"] },
    { title: "Choose nothing", keys: ["Escape"] },
  ],
  connectHint: (title: string) => `Connect ${title}: arrows choose, Enter connects, Esc leaves`,
  emptyTitle: "This workflow has no components.",
  emptyText: "Drag one from the left, or press Tab and type its name.",
  unreadable: "The text has errors. The canvas shows the last readable version.",
  connectionTo: (kind: string, source: string, target: string, label: string) =>
    `${kind} connection from ${source} to ${target}${label ? `: ${label}` : ""}`,
  note: "note",
  component: "component",
};
