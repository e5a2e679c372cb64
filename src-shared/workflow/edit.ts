import type { Json, JsonObject } from "../base/json";
import type { Component, Connection, Path } from "./workflow";

/** Where a new component goes: at the root, or into a branch of a `parallel`, or into a `loop`. */
export interface Into {
  readonly owner?: string;
  readonly branch?: string;
}

/** One change a user makes to a workflow. Applied by `applyEdit`, which also gives the inverse. */
export type Edit =
  | { readonly kind: "add-component"; readonly component: Component; readonly into?: Into; readonly after?: string }
  | { readonly kind: "remove-components"; readonly ids: readonly string[] }
  | { readonly kind: "rename-component"; readonly id: string; readonly to: string }
  | {
      readonly kind: "move-components";
      readonly to: { readonly [id: string]: { readonly x: number; readonly y: number } };
    }
  | { readonly kind: "connect"; readonly connection: Connection }
  | { readonly kind: "disconnect"; readonly connection: Connection }
  | { readonly kind: "set-connection"; readonly connection: Connection; readonly to: Connection }
  /** Sets one key of a component; `path` is below the component, e.g. `["config", "url"]`. */
  | { readonly kind: "set-in-component"; readonly id: string; readonly path: Path; readonly value: Json }
  | { readonly kind: "remove-in-component"; readonly id: string; readonly path: Path }
  | { readonly kind: "paste"; readonly components: readonly Component[]; readonly connections: readonly Connection[] }
  /** Sets or removes any key of the document; `path` is from the root. */
  | { readonly kind: "set"; readonly path: Path; readonly value: Json }
  | { readonly kind: "remove"; readonly path: Path }
  /** Moves a node to another place, or renames its key, with the comments in it. What stands at `to` is replaced. */
  | { readonly kind: "move"; readonly from: Path; readonly to: Path }
  | { readonly kind: "merge"; readonly value: JsonObject }
  /** Replaces characters `from`..`to` (UTF-16 offsets) of the text. Every inverse is one of these, so undo is exact. */
  | { readonly kind: "text"; readonly from: number; readonly to: number; readonly insert: string }
  /** Several edits as one step of history. */
  | { readonly kind: "all"; readonly edits: readonly Edit[]; readonly title?: string };
