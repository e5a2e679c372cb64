import type { JsonObject } from "@shared/base/json";
import type { Ms } from "@shared/base/units";

/** The kinds of connection that are databases. */
export type DatabaseKind = "sqlite" | "postgresql" | "mysql";

/** A value on its way into a statement. */
export type Bound = null | number | string | boolean | readonly Bound[];

/** A statement and the values of its placeholders, in order. */
export interface Statement {
  readonly sql: string;
  readonly bound: readonly Bound[];
}

/** What a statement left behind. */
export interface Done {
  /** Rows that were changed; for statements that give rows, how many they gave. */
  readonly changed: number;
  /** The first number that the database gave to a row of this statement, where it tells. */
  readonly firstId?: number;
}

/** One open connection to a database, lent for a while. */
export interface Link {
  /** Runs a statement. Its rows come at most `batchSize` at a time, and the database waits until they are taken. */
  stream(statement: Statement, batchSize: number): AsyncGenerator<readonly JsonObject[], Done>;
  /** Runs a statement whose rows are few. */
  run(statement: Statement): Promise<Done & { readonly rows: readonly JsonObject[] }>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Breaks off what runs, if the database can; {@link end} follows when that takes long. */
  cancel(): void;
  /** Ends it at once. */
  end(): void;
  /** Answers when the database is still there. */
  check(): Promise<void>;
  /** Whether it is of no more use. */
  readonly broken: boolean;
  /** What answered, e.g. `PostgreSQL 15.18`. */
  readonly server: string;
  /** Whether an insert can give back what the database filled in. */
  readonly returning: boolean;
}

/** A database that workflows may use: opens links to it. */
export interface Dialect {
  readonly kind: DatabaseKind;
  /** Values that one statement may have. */
  readonly maxBound: number;
  /** Links that may be open at the same time. */
  readonly maxLinks: number;
  /** How long an unused link stays open. */
  readonly idleMs: Ms;
  /** Opens a link; refuses with what went wrong. */
  open(): Promise<Link>;
  /** Turns what the database's library throws into a refusal that says `where`; anything else goes on as it is. */
  refuse(thrown: unknown, where: string): never;
}
