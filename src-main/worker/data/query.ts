import { compileOver } from "../records/compute";
import { doAggregate, type Aggregate, type Rules } from "../records/rules";
import { celConditionSql, celSql } from "./cel-sql";
import { testSql } from "./condition-sql";
import { RAISED } from "./duck";
import type { Source } from "./source";
import {
  asJsonText,
  asKey,
  asNumber,
  asRank,
  identifier,
  isNull,
  orderKeys,
  Parameters,
  quoted,
  type Statement,
  Untranslatable,
  type Piece,
} from "./sql";

/** Something to select from whose fields are pieces of SQL. */
interface Relation {
  from(): string;
  field(name: string): Piece | undefined;
  names(): Promise<readonly string[]>;
  rowNumber(): string;
}

/**
 * A query that is put together step by step.
 *
 * Nothing is read before it is asked for its text; fields that no step needs are never read.
 */
export class Query {
  readonly #parameters = new Parameters();
  #relation: Relation;
  /** Fields that steps changed, in order; `null` for one that was renamed away. */
  #fields = new Map<string, Piece | null>();
  #where: string[] = [];
  #order: string[] = [];
  /** Whether a step made groups. */
  hasGroups = false;

  constructor(source: Source) {
    this.#relation = source;
  }

  /** Adds a step. Throws {@link Untranslatable} when SQL cannot say it; the query must then be given up. */
  add(rules: Rules): void {
    this.#rename(rules);
    this.#compute(rules);
    this.#filter(rules);
    if (doAggregate(rules)) this.#aggregate(rules);
    this.#sort(rules);
  }

  field(name: string): Piece | undefined {
    const changed = this.#fields.get(name);
    if (changed === null) return undefined;
    if (changed) return changed;
    const [first = ""] = name.split(".");
    // A path into a field that a step changed.
    if (first !== name && this.#fields.has(first)) throw new Untranslatable("a path into a changed field");
    return this.#relation.field(name);
  }

  #rename({ rename }: Rules): void {
    if (rename.length === 0) return;
    const olds = rename.map(([old, renamed]) => ({ old, renamed, piece: this.field(old), own: this.field(renamed) }));
    for (const { old } of olds) this.#fields.set(old, null);
    for (const { renamed, piece, own } of olds) {
      if (!piece) {
        if (own) this.#fields.set(renamed, own);
        continue;
      }
      // A record without the old field keeps what it had under the new name.
      const both = own && piece.kind === "json" && own.kind === "json";
      this.#fields.set(renamed, both ? { kind: "json", sql: `coalesce(${piece.sql}, ${own.sql})` } : piece);
    }
  }

  #compute({ computed, computedPlace }: Rules): void {
    const made = computed.map(
      ([name, source]) => [name, celSql(compileOver(source, `${computedPlace}.${name}`), this.#celScope())] as const,
    );
    for (const [name, piece] of made) this.#fields.set(name, piece);
  }

  #celScope() {
    return { field: (name: string) => this.field(name), parameters: this.#parameters };
  }

  #filter({ where, wherePlace }: Rules): void {
    if (!where) return;
    if (where.kind === "cel")
      this.#where.push(celConditionSql(compileOver(where.source, wherePlace), this.#celScope()));
    else for (const test of where.tests) this.#where.push(testSql(test, this.field(test.field), this.#parameters));
  }

  #sort({ sort }: Rules): void {
    if (sort.length === 0) return;
    const keys = sort.flatMap(({ field, descending }) => {
      const piece = this.field(field);
      if (!piece) return [];
      const missing = `(${isNull(piece)})`;
      return [missing, ...orderKeys(piece).map((key) => `${key} ${descending ? "DESC" : "ASC"} NULLS LAST`)];
    });
    const before = this.#order.length > 0 ? this.#order : [this.#relation.rowNumber()];
    this.#order = [...keys, ...before];
  }

  #aggregate(rules: Rules): void {
    if (this.#order.length > 0 && rules.aggregates.some(isOrdered)) throw new Untranslatable("the first of an order");
    const groups = (rules.groupBy ?? []).map((name) => {
      const piece = this.field(name);
      return { name, piece: piece ? asKey(piece) : ({ kind: "json", sql: "CAST(NULL AS JSON)" } as const) };
    });
    const columns = rules.aggregates.map((one) => ({ name: one.as, piece: this.#column(one) }));
    const list = [...groups, ...columns].map(({ name, piece }) => `${piece.sql} AS ${identifier(name)}`).join(", ");
    const relation = this.#relation;
    const where = this.#where;
    const by = groups.length > 0 ? ` GROUP BY ${groups.map(({ piece }) => piece.sql).join(", ")}` : "";
    const fields = new Map(
      [...groups, ...columns].map(({ name, piece }) => [name, { kind: piece.kind, sql: identifier(name) }] as const),
    );
    if (fields.size < groups.length + columns.length) throw new Untranslatable("a column twice");
    if (new Set([...fields.keys()].map((name) => name.toLowerCase())).size < fields.size)
      throw new Untranslatable("columns that differ in case");
    this.#relation = {
      from: () => `(SELECT ${list} FROM ${relation.from()}${whereSql(where)}${by})`,
      field: (name) => fields.get(name),
      names: async () => [...fields.keys()],
      rowNumber: () => "1",
    };
    this.hasGroups = true;
    this.#fields = new Map();
    this.#where = [];
    this.#order = groups.flatMap(({ name, piece }) =>
      orderKeys({ kind: piece.kind, sql: identifier(name) }).map((key) => `${key} NULLS LAST`),
    );
  }

  #column({ function: name, field }: Aggregate): Piece {
    const piece = field === "*" ? undefined : this.field(field);
    if (name === "count") {
      if (!piece) return { kind: "number", sql: "count(*)" };
      const values = `count(*) FILTER (WHERE NOT ${isNull(piece)})`;
      // Where no record has a value there, the field is a mere name for the column.
      return { kind: "number", sql: `(CASE WHEN sum(${values}) OVER () = 0 THEN count(*) ELSE ${values} END)` };
    }
    if (!piece)
      return name === "count_distinct" ? { kind: "number", sql: "0" } : { kind: "json", sql: "CAST(NULL AS JSON)" };
    const given = `FILTER (WHERE NOT ${isNull(piece)})`;
    switch (name) {
      case "sum":
      case "avg":
      case "median":
        return { kind: "number", sql: `CAST(${name}(${this.#numbers(piece, name, field)}) AS DOUBLE)` };
      case "min":
      case "max": {
        if (piece.kind !== "json") return { kind: piece.kind, sql: `${name}(${piece.sql})` };
        const keys = orderKeys(piece)
          .map((key, i) => `k${i}: ${key}`)
          .join(", ");
        return { kind: "json", sql: `(${name}({${keys}, v: ${asJsonText(piece)}}) ${given}).v::JSON` };
      }
      case "count_distinct":
        return { kind: "number", sql: `count(DISTINCT ${asKey(piece).sql}) ${given}` };
      case "first":
        return { kind: piece.kind, sql: `arg_min(${piece.sql}, ${this.#relation.rowNumber()}) ${given}` };
      case "last":
        return { kind: piece.kind, sql: `arg_max(${piece.sql}, ${this.#relation.rowNumber()}) ${given}` };
    }
  }

  /** Numbers or NULL; anything else is refused, as it is in memory. */
  #numbers(piece: Piece, name: string, field: string): string {
    if (piece.kind === "number") return asNumber(piece);
    const words = quoted(
      `${RAISED}validation_error!${name} of ${field.replaceAll("!", ".")} needs numbers; a record has something else there.!`,
    );
    const refused = `CAST(error(${words}) AS DOUBLE)`;
    return `(CASE WHEN ${isNull(piece)} THEN NULL WHEN ${asRank(piece)} = 1 THEN ${asNumber(piece)} ELSE ${refused} END)`;
  }

  /** The fields of the result's records, in order. */
  async columns(): Promise<readonly { readonly name: string; readonly piece: Piece }[]> {
    const names: string[] = [];
    const renamed = [...this.#fields];
    for (const name of await this.#relation.names()) if (this.#fields.get(name) !== null) names.push(name);
    for (const [name, piece] of renamed) if (piece && !names.includes(name)) names.push(name);
    return names.flatMap((name) => {
      const piece = this.field(name);
      return piece ? [{ name, piece }] : [];
    });
  }

  /** `SELECT …` of the given expressions in the result's order. Ask last: only then all needed fields are known. */
  select(expressions: string, around: (select: string) => string = (select) => select): Statement {
    const order = this.#order.length > 0 ? ` ORDER BY ${this.#order.join(", ")}` : "";
    return this.#parameters.statement(
      around(`SELECT ${expressions} FROM ${this.#relation.from()}${whereSql(this.#where)}${order}`),
    );
  }

  /** How many records there are. */
  count(): Statement {
    return this.#parameters.statement(`SELECT count(*) FROM ${this.#relation.from()}${whereSql(this.#where)}`);
  }
}

function isOrdered({ function: name }: Aggregate): boolean {
  return name === "first" || name === "last";
}

function whereSql(where: readonly string[]): string {
  return where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`;
}
