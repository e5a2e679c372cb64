import { sql as piece } from "kysely";
import { nearest } from "@shared/expression/nearest";
import type { Json, JsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { kindOf } from "../records/json";
import { compile, nameOf } from "./compile";
import type { Bound, DatabaseKind, Link } from "./database";
import { toBound } from "./values";

/** A column as the database describes it. */
export interface Column {
  readonly name: string;
  /** In small letters, e.g. `jsonb`, `_int4`, `datetime`. */
  readonly type: string;
  /** Whether it is part of the primary key. */
  readonly key: boolean;
}

/** A table that is there. */
export class Table {
  readonly #byName: ReadonlyMap<string, Column>;

  constructor(
    readonly kind: DatabaseKind,
    /** As the workflow writes it. */
    readonly written: string,
    readonly path: readonly string[],
    readonly columns: readonly Column[],
  ) {
    this.#byName = new Map(columns.map((column) => [this.#folded(column.name), column]));
  }

  /** The columns of the primary key. */
  get keys(): readonly string[] {
    return this.columns.filter(({ key }) => key).map(({ name }) => name);
  }

  #folded(name: string): string {
    return this.kind === "postgresql" ? name : name.toLowerCase();
  }

  /** The column called `name`; refuses when there is none. `place` says where the name stands. */
  column(name: string, place: string): Column {
    const found = this.#byName.get(this.#folded(name));
    if (found) return found;
    const near = nearest(
      name,
      this.columns.map((column) => column.name),
    );
    return refuse(
      invalid(
        `The table ${this.written} has no column ${name}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
        place,
      ),
    );
  }

  /** `value` as the column takes it. */
  bound(column: Column, value: Json): Bound {
    const { type } = column;
    if (this.kind === "postgresql") {
      if (type === "json" || type === "jsonb")
        return value === null || typeof value === "string" ? value : JSON.stringify(value);
      return toBound(value, type.startsWith("_"));
    }
    if (this.kind === "mysql" && typeof value === "string" && (type === "datetime" || type === "timestamp"))
      return withoutZone(value);
    return toBound(value, false);
  }
}

/** These columns take no time zone: an instant is given in UTC, in which the link reads and writes. */
function withoutZone(text: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text)) return text;
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(text)) return text.replace("T", " ");
  return new Date(text).toISOString().replace("T", " ").replace("Z", "");
}

/** Looks a table up; refuses when there is none. */
export async function tableOf(
  link: Link,
  kind: DatabaseKind,
  written: Json | undefined,
  place: string,
): Promise<Table> {
  if (typeof written !== "string" || written.trim() === "")
    return refuse(invalid(`${place} is ${kindOf(written)}; it takes the name of a table.`, place));
  const path = written.split(".").map((part) => part.trim());
  const { rows } = await link.run(compile(kind, columnsOf(kind, path)));
  const table = new Table(kind, written, path, rows.map(columnFrom));
  if (table.columns.length > 0) return table;
  return refuse({
    type: "not_found",
    message: `There is no table ${written}, or it is not for this user to see.`,
    place,
  });
}

function columnsOf(kind: DatabaseKind, path: readonly string[]) {
  const [first = "", second] = path;
  const name = second ?? first;
  const schema = second === undefined ? null : first;
  switch (kind) {
    case "sqlite":
      return piece`select name, lower(type) as type, pk as is_key from pragma_table_xinfo(${name}, ${schema ?? "main"}) where hidden <> 1`;
    case "mysql":
      return piece`select column_name as name, lower(data_type) as type, column_key = 'PRI' as is_key from information_schema.columns where table_schema = coalesce(${schema}, database()) and table_name = ${name} order by ordinal_position`;
    case "postgresql":
      return piece`select a.attname as name, t.typname as type, coalesce(a.attnum = any (i.indkey), false) as is_key from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_index i on i.indrelid = a.attrelid and i.indisprimary where a.attrelid = to_regclass(${path.map((part) => `"${part.replaceAll('"', '""')}"`).join(".")}) and a.attnum > 0 and not a.attisdropped order by a.attnum`;
  }
}

function columnFrom(row: JsonObject): Column {
  return {
    name: String(row["name"]),
    type: String(row["type"]),
    key: row["is_key"] === true || Number(row["is_key"]) > 0,
  };
}

/** The table's name as a piece of a statement. */
export function tableName(table: Table) {
  return nameOf(table.path);
}
