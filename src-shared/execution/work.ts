import type { ComponentPath, ExecutionId } from "../base/ids";
import type { Bytes, Ms } from "../base/units";
import type { NetworkPolicy, Outcome, TaskPlace, TaskServices } from "./effect";
import type { Value } from "./value";

/** Text kept outside the journal under `id` of its execution: a large value's JSON (in the store), or a sensitive one's (in the vault). */
export interface KeptText {
  readonly id: string;
  readonly text: string;
  /** Of a long list's text: how it falls into pages, so that any of them can be read without the others. */
  readonly pages?: ListPages;
  /** The store has it already: the turn only refers to it. */
  readonly isWritten?: true;
}

/** How the JSON text of a list falls into pages. */
export interface ListPages {
  readonly items: number;
  /** Of each page the number of its first item, and where in the text that begins. */
  readonly starts: readonly (readonly [item: number, at: number])[];
}

/** What the values of some work refer to: JSON text by id. */
export interface Referred {
  /** Of stored values. */
  readonly texts: { readonly [id: string]: string };
  /** Of sensitive values, in plain. */
  readonly secrets: { readonly [id: string]: string };
}

/** What came to be beside an event: to be written with it, in one transaction. */
export interface Kept {
  readonly values: readonly KeptText[];
  readonly secrets: readonly KeptText[];
}

/** What becomes of personal data in what a task gives: names of fields, in lower case. */
export interface TaskPrivacy {
  /** Kept in the vault. */
  readonly sealed: readonly string[];
  /** What stands in such fields of config and input is taken out of logs, warnings and errors. */
  readonly unlogged: readonly string[];
  /** Further texts that are: what the config's expressions read of such fields. */
  readonly texts: readonly string[];
}

/** One attempt on its way to a worker: values unread, texts beside them, so that large ones are parsed where they are used. */
export interface Work extends Referred {
  readonly executionId: ExecutionId;
  readonly workflowId: string;
  readonly path: ComponentPath;
  readonly attempt: number;
  readonly key: string;
  readonly correlationId: string;
  readonly type: string;
  readonly config: Value;
  readonly input: Value;
  /** What `code` sees as `context`. */
  readonly context?: Value;
  readonly limits: { readonly timeoutMs?: Ms; readonly memoryBytes?: Bytes };
  readonly place: TaskPlace;
  readonly networkPolicy?: NetworkPolicy;
  readonly privacy?: TaskPrivacy;
  readonly services?: TaskServices;
  /** Plain texts in `services` that must not come out again. */
  readonly sensitive?: readonly string[];
}

/** An outcome as the journal takes it: large and sensitive parts are references, what they refer to is beside it. */
export type Finished =
  | (Omit<Extract<Outcome, { readonly kind: "completed" }>, "output"> & { readonly output: Value; readonly kept: Kept })
  | (Extract<Outcome, { readonly kind: "failed" }> & { readonly kept: Kept });
