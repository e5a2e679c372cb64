import type { JsonObject } from "@shared/base/json";
import type { Connection, Task, TaskPlace } from "@shared/execution/effect";
import { refuse } from "../behaviour";
import { allowedPath } from "../paths";
import type { Dialect, DatabaseKind } from "./database";
import { mysql } from "./mysql";
import { Pool } from "./pool";
import { postgresql } from "./postgresql";
import { sqlite } from "./sqlite";

/** Pools of this worker, by what they lead to: tasks with the same settings share one. */
const pools = new Map<string, Pool>();
/** Settings change when a secret is rotated; pools of earlier ones close by themselves and are forgotten. */
const KEPT = 50;

/** A database that a task may use. */
export interface OpenDatabase {
  readonly kind: DatabaseKind;
  readonly name: string;
  readonly pool: Pool;
  /** For SQLite: the file, by which two connections to the same are known. */
  readonly file?: string;
}

/** The pool of links that `connection` stands for. */
export async function openDatabase(connection: Connection, place: TaskPlace): Promise<OpenDatabase> {
  const { kind, name, settings } = connection;
  switch (kind) {
    case "sqlite": {
      const file = await allowedPath(settings["file"], place, `connection ${name}: file`);
      return {
        kind,
        name,
        file: file.absolute,
        pool: pooled(kind, { ...settings, file: file.absolute }, () => sqlite(settings, file)),
      };
    }
    case "postgresql":
      return { kind, name, pool: pooled(kind, settings, () => postgresql(name, settings)) };
    case "mysql":
      return { kind, name, pool: pooled(kind, settings, () => mysql(name, settings)) };
    default:
      return refuse({
        type: "validation_error",
        message: `The connection ${name} is no database. Name one of SQLite, PostgreSQL or MySQL.`,
        place: "config.connection",
      });
  }
}

function pooled(kind: DatabaseKind, settings: JsonObject, dialect: () => Dialect): Pool {
  const key = `${kind} ${JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new Pool(dialect());
    for (const [old, unused] of pools) if (pools.size >= KEPT && unused.open === 0) pools.delete(old);
    pools.set(key, pool);
  }
  return pool;
}

/** Ends all links that no task uses. */
export function closeDatabases(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
}

/** The connection that the task's config names as `name`. */
export function connectionOf(task: Task, name: unknown, place: string): Connection {
  const services = task.services;
  const named = typeof name === "string" && name !== "" ? name : undefined;
  const found = named === undefined ? services?.connection : (services?.connections?.[named] ?? services?.connection);
  if (found !== undefined && (named === undefined || found.name === named)) return found;
  return refuse({
    type: "validation_error",
    message:
      named === undefined
        ? "No connection is named. Choose one of the workspace's connections."
        : `The workspace has no connection ${named}. Add it under Connections.`,
    place,
  });
}
