import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type RawBuilder,
} from "kysely";
import type { Bound, DatabaseKind, Statement } from "./database";

/** Kysely puts statements together: quotes names and numbers the places of values. Links of our own run them. */
const compilers: { readonly [kind in DatabaseKind]: Kysely<unknown> } = {
  sqlite: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgresql: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  mysql: new Kysely({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  }),
};

/** The statement that `made` stands for in the language of `kind`. */
export function compile(kind: DatabaseKind, made: RawBuilder<unknown>): Statement {
  const { sql: text, parameters } = made.compile(compilers[kind]);
  return { sql: text, bound: parameters as readonly Bound[] };
}

/** A quoted name: of a column, or of a table with its schema. */
export function nameOf(path: readonly string[]): RawBuilder<unknown> {
  return sql.id(...path);
}
