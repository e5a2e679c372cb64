import { connect, isIP } from "node:net";
import type { Readable } from "node:stream";
import { createConnection, type Connection, type FieldPacket, type ResultSetHeader } from "mysql2";
import type { Json, JsonObject } from "@shared/base/json";
import type { ErrorType } from "@shared/execution/error";
import { invalid, Refusal, refuse } from "../behaviour";
import type { Bound, Dialect, Done, Link, Statement } from "./database";
import { refuseNetworkError, serverSettings, withinTime, type ServerSettings } from "./network";
import { dateTime, decimal, toJson } from "./values";

/** Numbers of column types that are read in a way of their own. */
const READ: { readonly [type: number]: (value: unknown) => Json } = {
  246: (value) => (typeof value === "string" ? decimal(value) : toJson(value)), // decimal
  12: (value) => (typeof value === "string" ? dateTime(value) : toJson(value)), // datetime
  7: (value) => (typeof value === "string" ? `${dateTime(value)}Z` : toJson(value)), // timestamp, in UTC
};

/** A MySQL or MariaDB server. */
export function mysql(name: string, settings: JsonObject): Dialect {
  const server = serverSettings(settings, name, 3306);
  if (server.ssl !== false && server.ssl.rejectUnauthorized && isIP(server.ssl.servername ?? server.host) !== 0)
    refuse(
      invalid(
        `The connection ${name} reaches its server by an address and is to verify it: say in server_name which name its certificate bears.`,
        "config.connection",
      ),
    );
  const where = `MySQL on ${server.host}:${server.port}`;
  return {
    kind: "mysql",
    maxBound: 65_535,
    maxLinks: Math.max(1, server.maxLinks),
    idleMs: server.idleMs,
    refuse: (thrown, what) => refuseMysql(thrown, what),
    async open() {
      const link = new MysqlLink(server);
      try {
        await withinTime(link.greet(), server.connectMs, where, () => link.end());
        return link;
      } catch (thrown) {
        link.end();
        return refuseMysql(thrown, where);
      }
    },
  };
}

function createLink({ host, port, database, user, password, ssl, connectMs }: ServerSettings): Connection {
  return createConnection({
    // The library looks for the name in the certificate that it was told to connect to.
    host: ssl === false ? host : (ssl.servername ?? host),
    port,
    stream: () => connect({ host, port, keepAlive: true }),
    database,
    user,
    password,
    ...(ssl === false ? {} : { ssl: { ...ssl, verifyIdentity: ssl.rejectUnauthorized } }),
    // The link's own limit comes first and says what it is.
    connectTimeout: connectMs + 1000,
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements: false,
    // The server keeps each until the link is closed, and has a limit for all links.
    maxPreparedStatements: 100,
    // An insert that left a record out then counts none; how many rows an update found is told beside.
    flags: ["-FOUND_ROWS"],
    // Readers made of column names by `eval` are fast, and a risk that nobody needs to take.
    disableEval: true,
  });
}

class MysqlLink implements Link {
  broken = false;
  server = "MySQL";
  returning = false;
  readonly #connection: Connection;
  #reading: Readable | undefined;

  constructor(private readonly settings: ServerSettings) {
    this.#connection = createLink(settings);
    const lost = (error?: Error): void => {
      this.broken = true;
      // The library tells a lost link to those who wait for a whole result, and not to those who read it bit by bit.
      this.#reading?.destroy(error ?? new LostLink());
    };
    this.#connection.on("error", lost);
    this.#connection.on("end", () => lost());
  }

  async greet(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#connection.connect((error) => (error ? reject(error) : resolve()));
    });
    await this.run({ sql: "set time_zone = '+00:00'", bound: [] });
    const { rows } = await this.run({ sql: "select version() as version", bound: [] });
    const version = String(rows[0]?.["version"] ?? "");
    const maria = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.[\d.]+-MariaDB/.exec(version);
    this.server = maria ? `MariaDB ${version}` : `MySQL ${version}`;
    this.returning = maria !== null && (Number(maria[1]) > 10 || Number(maria[2]) >= 5);
  }

  async *stream({ sql, bound }: Statement, batchSize: number): AsyncGenerator<readonly JsonObject[], Done> {
    let fields: readonly FieldPacket[] | undefined;
    let given = 0;
    let batch: JsonObject[] = [];
    let ended = false;
    const command = this.#connection.execute({ sql, values: bound.map(sent) as string[] });
    command.on("fields", (found: FieldPacket[] | undefined) => (fields = found));
    this.#reading = command.stream({ highWaterMark: batchSize });
    try {
      for await (const row of this.#reading as AsyncIterable<JsonObject>) {
        if (fields === undefined) {
          ended = true;
          return doneBy(row as unknown as ResultSetHeader);
        }
        batch.push(record(row, fields));
        if (batch.length < batchSize) continue;
        given += batch.length;
        yield batch;
        batch = [];
      }
      ended = true;
      given += batch.length;
      if (batch.length > 0) yield batch;
      return { changed: given };
    } catch (thrown) {
      ended = true;
      throw thrown;
    } finally {
      // Nobody wants the rest, and there is no way to tell the server so.
      this.#reading = undefined;
      if (!ended) this.end();
    }
  }

  run({ sql, bound }: Statement): Promise<Done & { readonly rows: readonly JsonObject[] }> {
    return new Promise((resolve, reject) => {
      this.#connection.execute(
        { sql, values: bound.map(sent) as string[] },
        (error: Error | null, result: unknown, fields: FieldPacket[] | undefined) => {
          if (error) reject(error);
          else if (Array.isArray(result)) {
            const rows = (result as JsonObject[]).map((row) => record(row, fields ?? []));
            resolve({ rows, changed: rows.length });
          } else resolve({ rows: [], ...doneBy(result as ResultSetHeader) });
        },
      );
    });
  }

  async begin(): Promise<void> {
    await this.#say("start transaction");
  }

  async commit(): Promise<void> {
    await this.#say("commit");
  }

  async rollback(): Promise<void> {
    await this.#say("rollback");
  }

  async check(): Promise<void> {
    await this.#say("select 1");
  }

  #say(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.query(sql, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The server breaks a statement off when another link says so. */
  cancel(): void {
    const other = createLink(this.settings);
    other.on("error", () => undefined);
    other.execute(`kill query ${Number(this.#connection.threadId)}`, () => other.destroy());
  }

  end(): void {
    this.broken = true;
    this.#connection.destroy();
    this.#reading?.destroy(new LostLink());
  }
}

class LostLink extends Error {
  override readonly name = "LostLink";
  readonly code = "PROTOCOL_CONNECTION_LOST";
}

function doneBy({ affectedRows, insertId, info }: ResultSetHeader): Done {
  const changed = Number(/^Rows matched: (\d+)/.exec(info)?.[1] ?? affectedRows);
  return insertId > 0 ? { changed, firstId: insertId } : { changed };
}

function record(row: JsonObject, fields: readonly FieldPacket[]): JsonObject {
  const made: { [name: string]: Json } = {};
  for (const { name, columnType, type } of fields as readonly (FieldPacket & { readonly columnType?: number })[]) {
    const read = READ[columnType ?? type ?? -1] ?? toJson;
    Object.defineProperty(made, name, { value: read(row[name]), enumerable: true, writable: true, configurable: true });
  }
  return made;
}

/** The library sends every number as a floating one; a whole one as text is taken where only whole ones are. */
function sent(value: Bound): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** By the server's error number: https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const TYPES: readonly (readonly [ErrorType, readonly number[]])[] = [
  ["authentication_error", [1045, 1698, 1251, 1524, 1820, 1862]],
  ["authorization_error", [1044, 1142, 1143, 1227, 1290, 1370, 1792, 1836]],
  ["not_found", [1049, 1146, 1051]],
  ["timeout", [1317, 1969, 3024]],
  ["server_error", [1205, 1213, 1040, 1203, 1226, 3572, 1020]],
  ["resource_limit_exceeded", [1021, 1114]],
  ["connection_error", [1053, 1077, 1079, 1080, 1927, 2002, 2003, 2006, 2013, 4031, 1152, 1158, 1159, 1160, 1161]],
  [
    "validation_error",
    [
      ...[1048, 1062, 1169, 1216, 1217, 1264, 1265, 1292, 1364, 1366, 1406, 1411, 1451, 1452, 1557, 1586, 1690, 3140],
      ...[3819, 4025, 1136, 1138, 1467, 22001],
    ],
  ],
];

function refuseMysql(thrown: unknown, where: string): never {
  refuseNetworkError(thrown, where);
  if (!(thrown instanceof Error) || thrown instanceof Refusal) throw thrown;
  const { errno, code, fatal } = thrown as Error & {
    readonly errno?: number;
    readonly code?: string;
    readonly fatal?: boolean;
  };
  if (code === "PROTOCOL_CONNECTION_LOST" || (fatal === true && errno === undefined))
    return refuse({ type: "connection_error", message: `${where}: the server broke off.` });
  if (errno === undefined) throw thrown;
  const known = TYPES.find(([, numbers]) => numbers.includes(errno))?.[0];
  // What is left of the numbers up to 1999 is nearly all about the statement's text.
  const type = known ?? (errno >= 1000 && errno < 2000 ? "bad_request" : "server_error");
  return refuse({ type, message: `${where}: ${thrown.message}. (${errno})` });
}
