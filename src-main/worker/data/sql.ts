/** What SQL knows of an expression's values. `json`: the JSON text of any value, judged at run time; JSON null is NULL. */
export type Kind = "json" | "number" | "text" | "bool";

/** A piece of SQL with the kind of its values. */
export interface Piece {
  readonly sql: string;
  readonly kind: Kind;
}

/** Thrown where rules mean something that SQL cannot say exactly; the rows are then worked on one by one. */
export class Untranslatable extends Error {
  override readonly name = "Untranslatable";
}

/** NUL ends a text for DuckDB; U+0001 marks parameters here. */
const UNQUOTABLE = /[\u0000\u0001]/;

/** A quoted identifier. */
export function identifier(name: string): string {
  if (UNQUOTABLE.test(name)) throw new Untranslatable("a control character in a name");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted text: for names and paths; values travel as parameters. */
export function quoted(text: string): string {
  if (UNQUOTABLE.test(text)) throw new Untranslatable("a control character in a text");
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value bound to a parameter of a statement. */
export type Bound = string | number | boolean;

/** A statement with the values of its parameters. */
export interface Statement {
  readonly sql: string;
  readonly bound: readonly Bound[];
}

/** A statement without parameters. */
export function plain(sql: string): Statement {
  return { sql, bound: [] };
}

/** The values that pieces of SQL refer to; a statement made of some of the pieces takes only theirs. */
export class Parameters {
  readonly #values: Bound[] = [];

  /** Keeps a value and gives a mark for it, typed; {@link statement} turns marks into parameters. */
  add(value: Bound): string {
    this.#values.push(value);
    const type = typeof value === "number" ? "DOUBLE" : typeof value === "boolean" ? "BOOLEAN" : "VARCHAR";
    return `CAST(\u0001${this.#values.length - 1}\u0001 AS ${type})`;
  }

  /** The statement that `marked` is, its parameters numbered. A value used twice is bound once. */
  statement(marked: string): Statement {
    const used: number[] = [];
    const sql = marked.replace(/\u0001(\d+)\u0001/g, (_, digits: string) => {
      const index = Number(digits);
      if (!used.includes(index)) used.push(index);
      return `$${used.indexOf(index) + 1}`;
    });
    return { sql, bound: used.map((index) => this.#values[index]!) };
  }
}

/** DuckDB's own `json_type` parses the whole text each time; how JSON without spaces begins says the same. */
function jsonText(sql: string): string {
  return `CAST(${sql} AS VARCHAR)`;
}

/** Digits and the minus sign lie between what other JSON begins with: a quote before them, letters and brackets after. */
function isJsonNumber(sql: string): string {
  return `(${jsonText(sql)} > '-' AND ${jsonText(sql)} < ':')`;
}

function isJsonString(sql: string): string {
  return `starts_with(${jsonText(sql)}, '"')`;
}

function hasEscapes(sql: string): string {
  return `contains(${jsonText(sql)}, '\\')`;
}

/** The piece as a number, NULL where it is none. */
export function asNumber({ sql, kind }: Piece): string {
  if (kind === "number") return `CAST(${sql} AS DOUBLE)`;
  return kind === "json"
    ? `(CASE WHEN ${isJsonNumber(sql)} THEN CAST(${jsonText(sql)} AS DOUBLE) END)`
    : "CAST(NULL AS DOUBLE)";
}

/** The piece as text, NULL where it is none. */
export function asText({ sql, kind }: Piece): string {
  if (kind === "text") return `(${sql})`;
  return kind === "json"
    ? `(CASE WHEN ${isJsonString(sql)} THEN (CASE WHEN ${hasEscapes(sql)} THEN (${sql} ->> '$') ELSE ${jsonText(sql)}[2:-2] END) END)`
    : "CAST(NULL AS VARCHAR)";
}

/** The piece as a truth value, NULL where it is none. */
export function asBool({ sql, kind }: Piece): string {
  if (kind === "bool") return `(${sql})`;
  return kind === "json"
    ? `(CASE ${jsonText(sql)} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)`
    : "CAST(NULL AS BOOLEAN)";
}

/** The piece as JSON. */
export function asJson({ sql, kind }: Piece): string {
  return kind === "json" ? sql : `to_json(${sql})`;
}

/** Whether the piece is null. */
export function isNull({ sql, kind }: Piece): string {
  return kind === "json" ? `coalesce(${jsonText(sql)} = 'null', TRUE)` : `((${sql}) IS NULL)`;
}

/** The piece's JSON text; NULL for what is missing. */
export function asJsonText(piece: Piece): string {
  return piece.kind === "json" ? `CAST(${piece.sql} AS VARCHAR)` : `CAST(to_json(${piece.sql}) AS VARCHAR)`;
}

/** The place of a value's kind in the order of all JSON values; NULL for null, which sorts last. */
export function asRank({ sql, kind }: Piece): string {
  const fixed = { bool: 0, number: 1, text: 2 };
  if (kind !== "json") return `(CASE WHEN (${sql}) IS NOT NULL THEN ${fixed[kind]} END)`;
  return `(CASE WHEN ${isJsonNumber(sql)} THEN 1 WHEN ${isJsonString(sql)} THEN 2 WHEN ${jsonText(sql)} IN ('true', 'false') THEN 0 WHEN ${jsonText(sql)}[1] IN ('{', '[') THEN 3 END)`;
}

/** What a piece is ordered by, in order of weight. Lists and objects are not ordered here. */
export function orderKeys(piece: Piece): readonly string[] {
  switch (piece.kind) {
    case "number":
      return [asNumber(piece)];
    case "text":
    case "bool":
      return [`(${piece.sql})`];
    case "json":
      return [
        asRank(piece),
        asNumber(piece),
        `CAST(${asBool(piece)} AS INTEGER)`,
        asText(piece),
        `(CASE WHEN ${asRank(piece)} = 3 THEN ${asJsonText(piece)} END)`,
      ];
  }
}

/** A text that is the same for the same values: what groups are made by. */
export function asKey(piece: Piece): Piece {
  if (piece.kind !== "json") return piece.kind === "number" ? { sql: asNumber(piece), kind: "number" } : piece;
  const { sql } = piece;
  return {
    kind: "json",
    sql: `(CASE WHEN ${isJsonNumber(sql)} THEN to_json(CAST(${jsonText(sql)} AS DOUBLE)) WHEN ${isJsonString(sql)} AND ${hasEscapes(sql)} THEN to_json(${sql} ->> '$') WHEN ${jsonText(sql)} <> 'null' THEN ${sql} END)`,
  };
}
