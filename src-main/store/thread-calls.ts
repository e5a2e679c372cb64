import type { Value } from "@shared/execution/value";
import type { EraseQuery } from "./erase";
import type { ListQuery } from "./reads";

/** What the store's thread is started with. */
export interface ThreadData {
  readonly file: string;
  readonly hosts: string;
  readonly own: string;
}

/** A question to the store's thread. */
export type Call =
  | { readonly call: "journal"; readonly id: string; readonly from: number; readonly limit: number }
  | { readonly call: "snapshot"; readonly id: string }
  | { readonly call: "fold"; readonly id: string }
  | { readonly call: "text"; readonly id: string; readonly value: string }
  | { readonly call: "row"; readonly id: string }
  | { readonly call: "list"; readonly query: ListQuery }
  | { readonly call: "recent"; readonly limit: number }
  | {
      readonly call: "page";
      readonly id: string;
      readonly value: Value;
      readonly path: readonly (string | number)[];
      readonly from: number;
      readonly limit: number;
    }
  | { readonly call: "json"; readonly id: string; readonly value: Value }
  | {
      readonly call: "raw";
      readonly id: string;
      readonly value: Value;
      readonly maxBytes: number;
      readonly hidden: readonly string[];
    }
  | { readonly call: "checkpoint" }
  | { readonly call: "backup"; readonly file: string }
  | { readonly call: "erase"; readonly key: Uint8Array; readonly query: EraseQuery }
  | { readonly call: "purge"; readonly before: number; readonly now: number; readonly settledBefore?: number };

export type Asked = Call & { readonly n: number };

export type Answered =
  | { readonly n: number; readonly ok: true; readonly value: unknown }
  | { readonly n: number; readonly ok: false; readonly error: unknown };
