import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { nearest } from "@shared/expression/nearest";
import { invalid, refuse } from "../behaviour";
import type { Bound, DatabaseKind, Statement } from "./database";
import { toBound } from "./values";

/** A place in a query where a value goes. */
interface Mark {
  /** Of `:name`; none for `?`. */
  readonly name?: string;
  /** Whether it is all that stands between the parentheses of an `in (…)`, or one of several there. */
  readonly inList: boolean;
}

/** A query taken apart: `texts` has one element more than `marks`. */
interface Parsed {
  readonly texts: readonly string[];
  readonly marks: readonly Mark[];
}

/** What may not hold a placeholder: texts, quoted names and comments, as each database reads them. */
const SKIPPED: { readonly [kind in DatabaseKind]: RegExp } = {
  sqlite: /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  postgresql:
    /\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y,
  mysql:
    /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
};

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;

/** Finds the places for values. `??` stands for a question mark of the language, `::` is a cast. */
function parse(query: string, kind: DatabaseKind): Parsed {
  const texts: string[] = [];
  const marks: Mark[] = [];
  let text = "";
  /** For each open parenthesis, whether it belongs to an `in`. */
  const open: boolean[] = [];
  let lastWord = "";
  const mark = (name?: string): void => {
    texts.push(text);
    text = "";
    marks.push({ ...(name === undefined ? {} : { name }), inList: open.at(-1) ?? false });
  };
  for (let at = 0; at < query.length;) {
    const skipped =
      kind === "postgresql" && query.startsWith("/*", at) ? nested(query, at) : match(SKIPPED[kind], query, at);
    if (skipped !== "") {
      text += skipped;
      at += skipped.length;
      continue;
    }
    const word = match(WORD, query, at);
    if (word !== "") {
      lastWord = word.toLowerCase();
      text += word;
      at += word.length;
      continue;
    }
    const two = query.slice(at, at + 2);
    const name = query[at] === ":" ? match(NAME, query, at + 1) : "";
    if (two === "??" || two === "::" || two === ":=") {
      text += two === "??" ? "?" : two;
      at += 2;
    } else if (query[at] === "?") {
      mark();
      at += 1;
    } else if (name !== "" && !/[\w\]]/.test(query[at - 1] ?? "")) {
      mark(name);
      at += 1 + name.length;
    } else {
      const one = query[at]!;
      if (one === "(") open.push(lastWord === "in");
      if (one === ")") open.pop();
      if (!/\s/.test(one)) lastWord = "";
      text += one;
      at += 1;
    }
  }
  texts.push(text);
  return { texts, marks };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** In PostgreSQL comments may hold comments. */
function nested(query: string, from: number): string {
  let depth = 0;
  for (let at = from; at < query.length; at++) {
    const two = query.slice(at, at + 2);
    if (two !== "/*" && two !== "*/") continue;
    depth += two === "/*" ? 1 : -1;
    at += 1;
    if (depth === 0) return query.slice(from, at + 1);
  }
  return query.slice(from);
}

/** The first word of a statement in small letters, whatever comments stand before it. */
export function firstWord(sql: string): string {
  let at = 0;
  for (;;) {
    const comment = match(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s;\ufeff]+/y, sql, at);
    if (comment === "") break;
    at += comment.length;
  }
  return (match(WORD, sql, at) || sql.slice(at, at + 1)).toLowerCase();
}

/** A query ready to be given values, as often as there are any. */
export class Query {
  readonly #parsed: Parsed;
  readonly #names: ReadonlySet<string>;

  constructor(
    query: Json | undefined,
    readonly kind: DatabaseKind,
    readonly place = "config.query",
  ) {
    const isText = typeof query === "string" && query.trim() !== "";
    this.#parsed = parse(isText ? query : refuse(invalid(`${place} takes a SQL statement.`, place)), kind);
    this.#names = new Set(this.#parsed.marks.flatMap(({ name }) => (name === undefined ? [] : [name])));
    if (this.#names.size > 0 && this.#parsed.marks.some(({ name }) => name === undefined))
      refuse(invalid(`${place} has both ? and :name; use one of them.`, place));
  }

  /** Whether values are found by name. */
  get isNamed(): boolean {
    return this.#names.size > 0;
  }

  /** The statement with `parameters`: a list for `?`, an object for `:name`. `key` names them in messages. */
  with(parameters: Json | undefined, key: string): Statement {
    const values = this.isNamed ? this.#named(parameters, key) : this.#listed(parameters, key);
    const { texts, marks } = this.#parsed;
    const bound: Bound[] = [];
    let sql = texts[0] ?? "";
    const numbered = this.kind === "postgresql";
    const placeholder = (value: Json): string => {
      bound.push(toBound(value, numbered));
      return numbered ? `$${bound.length}` : "?";
    };
    for (const [i, mark] of marks.entries()) {
      const value = values[i] ?? null;
      if (mark.inList && Array.isArray(value)) {
        const items = value as readonly Json[];
        // No value is in an empty list, and `not in` holds for all.
        sql += items.length === 0 ? this.#nothing() : items.map(placeholder).join(", ");
      } else sql += placeholder(value);
      sql += texts[i + 1] ?? "";
    }
    return { sql, bound };
  }

  #nothing(): string {
    return this.kind === "mysql" ? "select null from dual where 1 = 0" : "select null where 1 = 0";
  }

  #named(parameters: Json | undefined, key: string): readonly Json[] {
    if (!isJsonObject(parameters))
      return refuse(
        invalid(`${this.place} has :${[...this.#names][0]}, so ${key} takes an object of values by name.`, key),
      );
    const given = parameters as JsonObject;
    return this.#parsed.marks.map(({ name = "" }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value !== undefined) return value;
      const near = nearest(name, Object.keys(given));
      return refuse(
        invalid(
          `${this.place} has :${name}, and ${key} has no ${name}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
          key,
        ),
      );
    });
  }

  #listed(parameters: Json | undefined, key: string): readonly Json[] {
    const count = this.#parsed.marks.length;
    const none =
      parameters === undefined ||
      parameters === null ||
      (isJsonObject(parameters) && Object.keys(parameters).length === 0);
    const values = none ? [] : parameters;
    if (!Array.isArray(values) || values.length !== count) {
      const has = Array.isArray(values) ? `${values.length} in it` : "names in it";
      return refuse(invalid(`${this.place} has ${count} of ?, and ${key} has ${has}.`, key));
    }
    return values as readonly Json[];
  }
}
