import type { Need } from "@shared/bundle/manifest";
import { amount, bytesText } from "./format";

/** What the export dialog says. */
export const bundlesText = {
  title: "Export bundle",
  goesIn: "What goes in",
  sum: (entries: number, bytes: number) => `${amount(entries, "entry", "entries")}, ${bytesText(bytes)}`,
  workflows: "Workflows",
  withThem: "With them",
  include: (title: string) => `Include ${title}`,
  always: "always goes in",
  serverProvides: "What the server must provide",
  needsNothing: "Nothing beside the engine.",
  findings: "Findings",
  none: "none",
  noneBlocks: "none blocks",
  blocks: (count: number) => `${amount(count, "error")} ${count === 1 ? "blocks" : "block"} the export`,
  noFindings: "Nothing to mend before this goes to a server.",
  showInEditor: "Show in the editor",
  export: "Export",
  exportAgain: "Export again",
  cancel: "Cancel",
  close: "Close",
  preparing: "Looking at what the workflow needs",
  writing: (written: number, total: number) => `Writing ${written} of ${total}`,
  packing: "Packing",
  bytes: (bytes: number, total: number) => `${bytesText(bytes)} of ${bytesText(total)}`,
  progress: "Export",
  done: "Written",
  downloaded: "Saved with this browser's downloads",
  digest: "SHA-256",
  cancelled: "Cancelled. Nothing was written.",
  mended: (title: string) => `${title}: done.`,
  stale: "Someone saved this workflow in between. Open it to see both.",
  saveAs: "Save bundle as",
  unsaved: "The text in the editor has changes that are not saved; the bundle holds what is stored.",
};

/** What the bundles' screen says. */
export const bundlesScreenText = {
  title: "Bundles",
  toExport: "Export a workflow",
  noWorkflows: "There is no workflow to export yet.",
  export: "Export",
  check: "Check a bundle",
  checkHelp: "Shows what a bundle holds and needs, and whether each entry is as it was written.",
  path: "Path of the .apgb file",
  choose: "Choose…",
  look: "Check",
  import: "Import into the library",
  intact: "Every entry is as it was written.",
  broken: (count: number) => `${amount(count, "problem")}. This bundle is not what was exported.`,
  entries: "Entries",
  needs: "What the server must provide",
  columns: { entry: "Entry", digest: "SHA-256", size: "Size" },
  entryIntact: "intact",
  entryBroken: "changed",
  workflows: (names: readonly string[]) => names.join(", "),
};

/** The words for what kind of thing a server must provide. */
export const needText: Readonly<Record<Need["kind"], string>> = {
  secret: "secret",
  parameter: "parameter",
  env: "environment value",
  network: "network",
  file: "file",
  connection: "connection",
  component: "component",
  resources: "resources",
  engine: "engine",
};
