import { sql, type RawBuilder } from "kysely";
import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { kindOf, type Record } from "../records/json";
import { compile } from "./compile";
import type { Statement } from "./database";
import { tableName, type Column, type Table } from "./tables";

/** What happens to a record whose key is there already. */
export interface OnConflict {
  readonly do: "fail" | "ignore" | "update";
  /** The columns of the key. */
  readonly keys: readonly string[];
}

/** An insert of records that have the same fields: made once, given values as often as needed. */
export class InsertShape {
  readonly columns: readonly Column[];
  readonly #texts = new Map<number, string>();

  constructor(
    readonly table: Table,
    readonly fields: readonly string[],
    readonly conflict: OnConflict,
    /** The columns to give back. */
    readonly returning: readonly string[],
  ) {
    this.columns = fields.map((field) => table.column(field, `values.${field}`));
  }

  statement(records: readonly Record[]): Statement {
    let text = this.#texts.get(records.length);
    if (text === undefined) {
      text = compile(this.table.kind, this.#made(records.length)).sql;
      this.#texts.set(records.length, text);
    }
    const bound = records.flatMap((record) =>
      this.columns.map((column, i) => this.table.bound(column, record[this.fields[i]!] ?? null)),
    );
    return { sql: text, bound };
  }

  #made(rows: number): RawBuilder<unknown> {
    const row = sql`(${sql.join(this.columns.map(() => sql.val(null)))})`;
    const names = sql.join(this.columns.map(({ name }) => sql.id(name)));
    const values = sql.join(Array.from({ length: rows }, () => row));
    const back =
      this.returning.length === 0 ? sql`` : sql` returning ${sql.join(this.returning.map((name) => sql.id(name)))}`;
    return sql`insert into ${tableName(this.table)} (${names}) values ${values}${this.#onConflict()}${back}`;
  }

  #onConflict(): RawBuilder<unknown> {
    const { conflict, table } = this;
    if (conflict.do === "fail") return sql``;
    const keys = conflict.keys.map((key) => table.column(key, "config.key_columns").name);
    const others = this.columns.map(({ name }) => name).filter((name) => !keys.includes(name));
    const changed = conflict.do === "update" ? others : [];
    if (table.kind === "mysql") {
      // Giving the key its own value changes nothing; `insert ignore` would swallow other faults of a record, too.
      const sets = changed.map((name) => sql`${sql.id(name)} = values(${sql.id(name)})`);
      const same = sql`${sql.id(keys[0] ?? "")} = ${sql.id(keys[0] ?? "")}`;
      return sql` on duplicate key update ${sets.length > 0 ? sql.join(sets) : same}`;
    }
    const on = sql` on conflict (${sql.join(keys.map((key) => sql.id(key)))})`;
    if (changed.length === 0) return sql`${on} do nothing`;
    return sql`${on} do update set ${sql.join(changed.map((name) => sql`${sql.id(name)} = ${sql.id("excluded", name)}`))}`;
  }
}

/** `update … set values where …`. */
export function updateStatement(table: Table, values: JsonObject, where: JsonObject, key: string): Statement {
  const sets = Object.entries(values).map(([field, value]) => {
    const column = table.column(field, `config.values.${field}`);
    return sql`${sql.id(column.name)} = ${table.bound(column, value ?? null)}`;
  });
  return compile(
    table.kind,
    sql`update ${tableName(table)} set ${sql.join(sets)} where ${condition(table, where, key)}`,
  );
}

/** `delete from … where …`: rows for which one of `wheres` holds. */
export function deleteStatement(table: Table, wheres: readonly JsonObject[], key: string): Statement {
  const any = sql.join(
    wheres.map((where) => sql`(${condition(table, where, key)})`),
    sql` or `,
  );
  return compile(table.kind, sql`delete from ${tableName(table)} where ${any}`);
}

/** `select * from …`, every row. */
export function selectAll(table: Table): Statement {
  return compile(table.kind, sql`select * from ${tableName(table)}`);
}

/** `delete from …`, every row. */
export function emptyStatement(table: Table): Statement {
  return compile(table.kind, sql`delete from ${tableName(table)}`);
}

const COMPARES: { readonly [name: string]: string } = { eq: "=", ne: "<>", gt: ">", gte: ">=", lt: "<", lte: "<=" };

function condition(table: Table, where: JsonObject, key: string): RawBuilder<unknown> {
  const tests = Object.entries(where).flatMap(([field, value]) => {
    const column = table.column(field, `${key}.${field}`);
    return isJsonObject(value)
      ? Object.entries(value).map(([name, operand]) =>
          compared(table, column, name, operand ?? null, `${key}.${field}`),
        )
      : [equals(table, column, value ?? null)];
  });
  if (tests.length === 0) return refuse(invalid(`${key} is empty: it would mean every row of ${table.written}.`, key));
  return sql.join(tests, sql` and `);
}

function equals(table: Table, column: Column, value: Json): RawBuilder<unknown> {
  if (value === null) return sql`${sql.id(column.name)} is null`;
  if (Array.isArray(value) && !column.type.startsWith("_")) return oneOf(table, column, value as readonly Json[]);
  return sql`${sql.id(column.name)} = ${table.bound(column, value)}`;
}

function oneOf(table: Table, column: Column, values: readonly Json[]): RawBuilder<unknown> {
  if (values.length === 0) return sql`1 = 0`;
  return sql`${sql.id(column.name)} in (${sql.join(values.map((value) => sql.val(table.bound(column, value))))})`;
}

function compared(table: Table, column: Column, name: string, operand: Json, place: string): RawBuilder<unknown> {
  const id = sql.id(column.name);
  const operator = Object.hasOwn(COMPARES, name) ? COMPARES[name] : undefined;
  if (operator !== undefined) {
    if (operand === null && name === "ne") return sql`${id} is not null`;
    if (operand === null && name === "eq") return sql`${id} is null`;
    return sql`${id} ${sql.raw(operator)} ${table.bound(column, operand)}`;
  }
  if (name === "in" && Array.isArray(operand)) return oneOf(table, column, operand as readonly Json[]);
  if (name === "exists" && typeof operand === "boolean") return operand ? sql`${id} is not null` : sql`${id} is null`;
  if (name === "contains" && typeof operand === "string")
    return sql`${id} like ${`%${operand.replace(/[%_|]/g, "|$&")}%`} escape '|'`;
  return refuse(
    invalid(
      `${place} has ${name} with ${kindOf(operand)}; there are eq, ne, gt, gte, lt, lte, in (a list), contains (text) and exists (true or false).`,
      place,
    ),
  );
}
