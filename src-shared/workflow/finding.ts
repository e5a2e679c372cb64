import type { Edit } from "./edit";
import type { Path } from "./workflow";

/** How much a finding matters: with an error a workflow does not run. */
export type Severity = "error" | "warning" | "info";

/** Where a finding is: lines and columns count from 1; both ends are in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The component concerned, if any. */
  readonly component?: string;
  /** The node in the document, if the text could be parsed. */
  readonly path?: Path;
}

/** One thing that `check` has to say about a workflow. */
export interface Finding {
  /** A stable kebab-case name, e.g. `unknown-name`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly place: Place;
  /** One sentence, present tense: what is wrong and what to do. */
  readonly message: string;
  /** A repair, itself an edit that can be undone. */
  readonly fix?: Fix;
}

/** A repair a user may choose. */
export interface Fix {
  /** A verb phrase, e.g. `Rename to customer_id`. */
  readonly title: string;
  readonly edit: Edit;
}
