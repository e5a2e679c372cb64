import type { JsonObject } from "../base/json";

/** What undoes a component unless its workflow says more. */
export interface UndoDefault {
  /** The type that does it. */
  readonly component: string;
  /** With expressions over {@link UNDO_NAMES}. */
  readonly config: JsonObject;
}

/** What an undo's config sees of the component it undoes; `output` is null when it is not known. */
export const UNDO_NAMES = ["output", "config", "idempotency_key"] as const;

/** By the type that is undone, then by the type that undoes. */
const DEFAULTS: { readonly [type: string]: { readonly [undo: string]: JsonObject } } = {
  database_insert: {
    database_delete: {
      connection: "{{ config.connection }}",
      table: "{{ config.table }}",
      // What the database gave back has the ids it made itself.
      where:
        "{{ default(output.rows, []).size() > 0 ? default(output.rows, []) : default(config.values, default(input, [])) }}",
    },
  },
  payment_api: {
    // Without an answer there is no payment's id: the charge is found by the key it was sent with.
    payment_refund: {
      operation: "refund",
      payment_id: "{{ default(output.payment_id, default(output.id, null)) }}",
      charge_key: "{{ idempotency_key }}",
    },
  },
};

/** Operations of `payment_api` that a refund undoes. */
const CHARGES: readonly unknown[] = [undefined, "charge"];

/**
 * How a component of `type` with `written` as its config is undone: with the type `undo`, else with the one meant for it. Undefined
 * when only its workflow can say.
 */
export function undoDefault(type: string, written: JsonObject | undefined, undo?: string): UndoDefault | undefined {
  const known = Object.hasOwn(DEFAULTS, type) ? DEFAULTS[type] : undefined;
  const by = undo ?? Object.keys(known ?? {})[0];
  const config = by !== undefined && known !== undefined && Object.hasOwn(known, by) ? known[by] : undefined;
  if (by === undefined || config === undefined) return undefined;
  if (type === "payment_api" && !CHARGES.includes(written?.["operation"])) return undefined;
  return { component: by, config };
}
