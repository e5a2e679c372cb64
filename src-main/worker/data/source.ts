import type { IdentifiedSource } from "../records/dataset";
import type { Duck } from "./duck";
import { identifier, plain, quoted, Untranslatable, type Kind, type Piece } from "./sql";

/** A file as SQL sees it. */
export interface Source {
  /** The relation to select from; asked last, when it is known which fields are needed. */
  from(): string;
  /** `undefined` for a field that no record has. */
  field(name: string): Piece | undefined;
  /** The fields of a record, in order. Reads the whole file once where the format does not tell. */
  names(): Promise<readonly string[]>;
  /** A column to restore the file's order by. */
  rowNumber(): string;
}

/** Characters that DuckDB would take for a pattern are put in brackets. */
export function pathSql(path: string): string {
  return quoted(path.replace(/[*?[]/g, "[$&]"));
}

const ROW = '"apg row"';

/** Opens an identified source. */
export async function openSource(duck: Duck, source: IdentifiedSource): Promise<Source> {
  return source.format === "json" || source.format === "jsonl"
    ? new JsonSource(duck, source)
    : TypedSource.open(duck, source);
}

/** JSON is read as JSON, field by field, so that no type is guessed and no value changed. Fields are declared as they are asked for. */
class JsonSource implements Source {
  readonly #declared = new Map<string, string>();
  #numbered = false;

  constructor(
    readonly duck: Duck,
    readonly source: IdentifiedSource,
  ) {}

  field(name: string): Piece | undefined {
    // A dotted name is first a field of that very name, then a path.
    const [first = "", ...rest] = name.split(".");
    const own = this.#declare(name);
    if (rest.length === 0) return { kind: "json", sql: own };
    const pointer = rest.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return { kind: "json", sql: `coalesce(${own}, json_extract(${this.#declare(first)}, ${quoted(pointer)}))` };
  }

  async names(): Promise<readonly string[]> {
    const columns = this.source.columns;
    if (columns) return columns;
    const sql = `SELECT DISTINCT unnest(json_keys(json)) FROM ${objectsRelation(this.source)}`;
    const found = (await this.duck.rows(plain(sql))).map(([name]) => String(name));
    const order = await this.#firstNames();
    return [...order.filter((name) => found.includes(name)), ...found.filter((name) => !order.includes(name)).sort()];
  }

  /** The first record's fields, whose order the result keeps. */
  async #firstNames(): Promise<readonly string[]> {
    const sql = `SELECT unnest(json_keys(json)) FROM (SELECT json FROM ${objectsRelation(this.source)} LIMIT 1)`;
    return (await this.duck.rows(plain(sql))).map(([name]) => String(name));
  }

  #declare(name: string): string {
    const folded = name.toLowerCase();
    const known = this.#declared.get(folded);
    // DuckDB's names do not tell case apart, JSON's do.
    if (known !== undefined && known !== name) throw new Untranslatable("fields that differ in case");
    this.#declared.set(folded, name);
    return identifier(name);
  }

  rowNumber(): string {
    this.#numbered = true;
    return ROW;
  }

  from(): string {
    const names = this.#declared.size === 0 ? ["apg"] : [...this.#declared.values()];
    const columns = names.map((name) => `${quoted(name)}: 'JSON'`).join(", ");
    const read = `read_json(${pathSql(this.source.path)}, format = ${quoted(jsonFormat(this.source))}, columns = {${columns}}, maximum_object_size = ${LONGEST_RECORD})`;
    return this.#numbered ? `(SELECT *, row_number() OVER () AS ${ROW} FROM ${read})` : read;
  }
}

/** The longest record; buffers are twice as large, and there is one a thread. */
const LONGEST_RECORD = 8_388_608;

/** A JSON file as whole objects. */
export function objectsRelation(source: IdentifiedSource): string {
  return `read_json_objects(${pathSql(source.path)}, format = ${quoted(jsonFormat(source))}, maximum_object_size = ${LONGEST_RECORD})`;
}

/** How DuckDB is told what a JSON file holds. `identify` settled which of the three a `.json` file is. */
export function jsonFormat(source: IdentifiedSource): string {
  if (source.format === "jsonl") return "newline_delimited";
  return source.shape === "objects" ? "unstructured" : "array";
}

/** CSV and Parquet: the file, or its beginning, tells names and types. */
class TypedSource implements Source {
  #numbered = false;

  private constructor(
    readonly relation: string,
    readonly columns: ReadonlyMap<string, Piece>,
  ) {}

  static async open(duck: Duck, source: IdentifiedSource): Promise<TypedSource> {
    const read =
      source.format === "csv"
        ? csvRelation(source, await textColumns(duck, source))
        : `read_parquet(${pathSql(source.path)})`;
    const described = (await duck.rows(plain(`DESCRIBE SELECT * FROM ${read}`))).map(
      ([name, type]) => [String(name), String(type)] as const,
    );
    const columns = described.map(([name, type]) => [name, plainColumn(name, type)] as const);
    const kept = source.columns ? source.columns.flatMap((name) => columns.filter(([one]) => one === name)) : columns;
    const list = kept.map(([name, piece]) => `${piece.sql} AS ${identifier(name)}`).join(", ");
    const relation = `(SELECT ${list === "" ? "1 AS apg" : list} FROM ${read})`;
    return new TypedSource(
      relation,
      new Map(kept.map(([name, piece]) => [name, { kind: piece.kind, sql: identifier(name) }])),
    );
  }

  field(name: string): Piece | undefined {
    const own = this.columns.get(name);
    if (own || !name.includes(".")) return own;
    const [first = "", ...rest] = name.split(".");
    const outer = this.columns.get(first);
    if (outer?.kind !== "json") return undefined;
    const pointer = rest.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return { kind: "json", sql: `json_extract(${outer.sql}, ${quoted(pointer)})` };
  }

  async names(): Promise<readonly string[]> {
    return [...this.columns.keys()];
  }

  rowNumber(): string {
    this.#numbered = true;
    return ROW;
  }

  from(): string {
    return this.#numbered ? `(SELECT *, row_number() OVER () AS ${ROW} FROM ${this.relation})` : this.relation;
  }
}

function csvRelation(source: IdentifiedSource, texts: readonly string[]): string {
  const options = [
    "auto_detect = true",
    "auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR']",
    `header = ${source.header !== false}`,
    "sample_size = 50000",
    // The standard buffers alone would fill a small memory limit.
    "buffer_size = 8388608",
  ];
  if (source.delimiter !== undefined) options.push(`delim = ${quoted(source.delimiter)}`);
  if (texts.length > 0) options.push(`types = {${texts.map((name) => `${quoted(name)}: 'VARCHAR'`).join(", ")}}`);
  return `read_csv(${pathSql(source.path)}, ${options.join(", ")})`;
}

/** Columns whose values only look like numbers: post codes and the like begin with a zero that a number would lose. */
async function textColumns(duck: Duck, source: IdentifiedSource): Promise<readonly string[]> {
  const read = csvRelation(source, []);
  const described = (await duck.rows(plain(`DESCRIBE SELECT * FROM ${read}`))).map(
    ([name, type]) => [String(name), String(type)] as const,
  );
  const whole = described.filter(([, type]) => type === "BIGINT").map(([name]) => name);
  if (whole.length === 0) return [];
  const asText = read.replace(
    "auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR']",
    "all_varchar = true",
  );
  const tests = whole.map((name) => `bool_or(regexp_matches(${identifier(name)}, '^[+-]?0[0-9]'))`).join(", ");
  const [found] = await duck.rows(plain(`SELECT ${tests} FROM (SELECT * FROM ${asText} LIMIT 50000)`));
  return whole.filter((_, i) => found?.[i] === true);
}

/** A column as one of the kinds the rules know; dates become ISO text, nested values JSON. */
function plainColumn(name: string, type: string): { readonly sql: string; readonly kind: Kind } {
  const column = identifier(name);
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT)$/.test(type))
    return { sql: column, kind: "number" };
  if (/^(HUGEINT|UHUGEINT|DECIMAL.*)$/.test(type)) return { sql: `CAST(${column} AS DOUBLE)`, kind: "number" };
  if (type === "DOUBLE" || type === "FLOAT") {
    return { sql: `(CASE WHEN isfinite(${column}) THEN CAST(${column} AS DOUBLE) END)`, kind: "number" };
  }
  if (type === "BOOLEAN") return { sql: column, kind: "bool" };
  if (type.startsWith("TIMESTAMP")) return { sql: `replace(CAST(${column} AS VARCHAR), ' ', 'T')`, kind: "text" };
  if (type === "BLOB") return { sql: `to_base64(${column})`, kind: "text" };
  if (/[[(]/.test(type) && !type.startsWith("ENUM")) return { sql: `to_json(${column})`, kind: "json" };
  // Others' JSON may have spaces in it.
  return type === "JSON"
    ? { sql: `json(${column})`, kind: "json" }
    : { sql: `CAST(${column} AS VARCHAR)`, kind: "text" };
}
