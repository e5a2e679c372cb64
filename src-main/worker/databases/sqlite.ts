import { setImmediate } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import type { JsonObject } from "@shared/base/json";
import type { ErrorType } from "@shared/execution/error";
import { makeParents, type AllowedPath } from "../paths";
import { invalid, Refusal, refuse } from "../behaviour";
import type { Bound, Dialect, Done, Link, Statement } from "./database";
import { numberOf } from "./network";
import { firstWord } from "./placeholders";
import { toJson } from "./values";

const BREATH_MS = 20;

/** A database in a file that the workflow may touch. */
export function sqlite(settings: JsonObject, file: AllowedPath): Dialect {
  const readonly = settings["read_only"] === true;
  return {
    kind: "sqlite",
    maxBound: 32_766,
    maxLinks: 2,
    idleMs: numberOf(settings["idle_timeout"], 30) * 1000,
    refuse: (thrown, where) => refuseSqlite(thrown, where),
    async open() {
      if (!readonly) await makeParents(file);
      try {
        const timeout = Math.round(numberOf(settings["busy_timeout"], 5) * 1000);
        const database = new Sqlite(file.absolute, { readonly, timeout });
        database.defaultSafeIntegers(true);
        database.pragma("foreign_keys = on");
        return new SqliteLink(database);
      } catch (thrown) {
        return refuseSqlite(thrown, file.written, readonly);
      }
    },
  };
}

class SqliteLink implements Link {
  readonly broken = false;
  readonly server: string;
  readonly returning = true;
  #breathed = performance.now();
  readonly #statements = new Map<string, Sqlite.Statement<unknown[], JsonObject>>();

  constructor(private readonly database: Sqlite.Database) {
    this.server = `SQLite ${String(database.prepare("select sqlite_version()").pluck().get())}`;
  }

  #prepare(sql: string): Sqlite.Statement<unknown[], JsonObject> {
    const known = this.#statements.get(sql);
    if (known) return known;
    staysInFile(sql);
    const prepared = this.database.prepare<unknown[], JsonObject>(sql);
    if (this.#statements.size >= 50) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** Statements come one after another without a pause: now and then the process has to hear that it is to stop. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed < BREATH_MS) return;
    await setImmediate();
    this.#breathed = performance.now();
  }

  async *stream({ sql, bound }: Statement, batchSize: number): AsyncGenerator<readonly JsonObject[], Done> {
    await this.#breathe();
    const statement = this.#prepare(sql);
    if (!statement.reader) return doneBy(statement.run(...bound.map(sent)));
    let given = 0;
    let batch: JsonObject[] = [];
    for (const row of statement.iterate(...bound.map(sent))) {
      batch.push(toJson(row) as JsonObject);
      if (batch.length < batchSize) continue;
      given += batch.length;
      yield batch;
      batch = [];
      await this.#breathe();
    }
    given += batch.length;
    if (batch.length > 0) yield batch;
    return { changed: given };
  }

  async run({ sql, bound }: Statement): Promise<Done & { readonly rows: readonly JsonObject[] }> {
    await this.#breathe();
    const statement = this.#prepare(sql);
    if (!statement.reader) return { rows: [], ...doneBy(statement.run(...bound.map(sent))) };
    const rows = statement.all(...bound.map(sent)).map((row) => toJson(row) as JsonObject);
    return { rows, changed: rows.length };
  }

  async begin(): Promise<void> {
    // The lock for writing is taken at once: who first reads and then writes may find it taken, with no way to wait.
    this.database.exec("begin immediate");
  }

  async commit(): Promise<void> {
    this.database.exec("commit");
  }

  async rollback(): Promise<void> {
    if (this.database.inTransaction) this.database.exec("rollback");
  }

  async check(): Promise<void> {}

  /** A statement holds the thread while it runs; the process it runs in is ended when that takes too long. */
  cancel(): void {}

  end(): void {
    this.database.close();
  }
}

/** A statement that opens or writes another file would lead out of the folders the workflow may use. */
function staysInFile(sql: string): void {
  const word = firstWord(sql);
  if (word === "attach" || word === "detach" || (word === "vacuum" && /\binto\b/i.test(sql)) || !/^[a-z]+$/.test(word))
    refuse({
      type: "authorization_error",
      message: `A statement that begins with ${JSON.stringify(word)} may not be run: a connection is for one file.`,
      place: "config.query",
    });
}

function doneBy({ changes, lastInsertRowid }: Sqlite.RunResult): Done {
  const id = Number(lastInsertRowid);
  return id > 0 ? { changed: changes, firstId: id - changes + 1 } : { changed: changes };
}

function sent(value: Bound): unknown {
  if (typeof value === "boolean") return value ? 1n : 0n;
  // A whole number stays one: as a floating one it would be stored as such in a column without a type.
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

const TYPES: readonly (readonly [string, ErrorType])[] = [
  ["SQLITE_CONSTRAINT", "validation_error"],
  ["SQLITE_MISMATCH", "validation_error"],
  ["SQLITE_TOOBIG", "validation_error"],
  ["SQLITE_RANGE", "validation_error"],
  ["SQLITE_BUSY", "server_error"],
  ["SQLITE_LOCKED", "server_error"],
  ["SQLITE_PROTOCOL", "server_error"],
  ["SQLITE_IOERR", "server_error"],
  ["SQLITE_READONLY", "authorization_error"],
  ["SQLITE_PERM", "authorization_error"],
  ["SQLITE_AUTH", "authorization_error"],
  ["SQLITE_CANTOPEN", "not_found"],
  ["SQLITE_FULL", "resource_limit_exceeded"],
  ["SQLITE_NOMEM", "resource_limit_exceeded"],
  ["SQLITE_NOTADB", "bad_request"],
  ["SQLITE_CORRUPT", "component_error"],
  ["SQLITE_ERROR", "bad_request"],
];

function refuseSqlite(thrown: unknown, where: string, readonly = false): never {
  if (!(thrown instanceof Error) || thrown instanceof Refusal) throw thrown;
  if (thrown instanceof Sqlite.SqliteError) {
    const { code, message } = thrown;
    // SQLite has one code for all that is wrong with a statement; only its words tell a missing table.
    const missing = code === "SQLITE_ERROR" && message.startsWith("no such table");
    const type = missing ? "not_found" : (TYPES.find(([start]) => code.startsWith(start))?.[1] ?? "component_error");
    const why = code.startsWith("SQLITE_BUSY") ? "another program has it locked" : message;
    return refuse({ type, message: `${where}: ${why}. (${code})` });
  }
  // The library's own: more than one statement, none at all, a database that is closed.
  if (thrown instanceof RangeError || thrown instanceof TypeError) {
    if (readonly) return refuse({ type: "not_found", message: `${where}: ${thrown.message}.` });
    return refuse(invalid(`${where}: ${thrown.message}.`, "config.query"));
  }
  throw thrown;
}
