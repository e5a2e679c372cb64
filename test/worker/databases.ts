import { afterAll } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Connection, Task } from "@shared/execution/effect";
import { closeDatabases } from "../../src-main/worker/databases/databases";
import { mariadbPrograms, startMariadb } from "../servers/mariadb";
import { postgresqlPrograms, startPostgresql } from "../servers/postgresql";
import type { DatabaseServer } from "../servers/process";
import { folder, perform, taskOf, toolsOf } from "./task";

/** The databases that tests run on, with whether they are installed here. */
export const DATABASES = [
  { kind: "sqlite", installed: true },
  { kind: "postgresql", installed: postgresqlPrograms() !== undefined },
  { kind: "mysql", installed: mariadbPrograms() !== undefined },
] as const;

// Here, and not where a database is opened: what is registered inside a hook is never called.
const started: DatabaseServer[] = [];
afterAll(async () => {
  closeDatabases();
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** A database with nothing in it, and how a task reaches it. */
export interface TestDatabase {
  readonly kind: (typeof DATABASES)[number]["kind"];
  readonly connection: Connection;
  readonly server?: DatabaseServer;
  readonly folder: string;
  /** A task of `type` with the connection. */
  task(type: string, config: JsonObject, input?: Task["input"], more?: Partial<Task>): Task;
  /** Runs a statement; gives what came back. */
  sql(query: string, parameters?: JsonObject["parameters"]): Promise<JsonObject>;
}

/** Starts a server for the tests of a file; stopped after them. */
export async function openTestDatabase(kind: TestDatabase["kind"]): Promise<TestDatabase> {
  const at = folder();
  const server = kind === "postgresql" ? await startPostgresql() : kind === "mysql" ? await startMariadb() : undefined;
  if (server) started.push(server);
  const connection: Connection = {
    name: "shop",
    kind,
    settings: server ? { ...server.settings } : { file: "shop.sqlite" },
  };
  const place = { folder: at, allowed: [at], hosts: {}, trusted: false, scratch: folder() };
  const task: TestDatabase["task"] = (type, config, input = null, more = {}) =>
    taskOf(type, { connection: "shop", ...config }, input, { place, services: { connection }, ...more });
  return {
    kind,
    connection,
    ...(server ? { server } : {}),
    folder: at,
    task,
    async sql(query, parameters) {
      const outcome = await perform(
        task("database", { query, ...(parameters === undefined ? {} : { parameters }) }),
        toolsOf(),
      );
      if (outcome.kind === "failed") throw new Error(`${outcome.error.type}: ${outcome.error.message}`);
      return outcome.output as JsonObject;
    },
  };
}
