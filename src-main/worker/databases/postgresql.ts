import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Client, DatabaseError, types as standard } from "pg";
import Cursor from "pg-cursor";
import type { Json, JsonObject } from "@shared/base/json";
import type { ErrorType } from "@shared/execution/error";
import { Refusal, refuse } from "../behaviour";
import type { Dialect, Done, Link, Statement } from "./database";
import { refuseNetworkError, serverSettings, withinTime, type ServerSettings } from "./network";
import { dateTime, decimal, toJson, wholeNumber } from "./values";

/** How columns are read, by the number of their type; all others as the library reads them. */
const READ: { readonly [type: number]: (text: string) => Json } = {
  20: (text) => wholeNumber(BigInt(text)), // int8
  1700: decimal, // numeric
  1082: (text) => text, // date
  1083: (text) => text, // time
  1114: dateTime, // timestamp
  1184: instant, // timestamptz
  1186: (text) => text, // interval
  600: (text) => text, // point
  718: (text) => text, // circle
};

const types = {
  getTypeParser(type: number, format?: "text" | "binary") {
    return READ[type] ?? (standard.getTypeParser(type, format ?? "text") as (text: string) => unknown);
  },
};

/** A PostgreSQL server. */
export function postgresql(name: string, settings: JsonObject): Dialect {
  const server = serverSettings(settings, name, 5432);
  const schema = settings["schema"];
  const where = `PostgreSQL on ${server.host}:${server.port}`;
  return {
    kind: "postgresql",
    maxBound: 65_535,
    maxLinks: Math.max(1, server.maxLinks),
    idleMs: server.idleMs,
    refuse: (thrown, what) => refusePostgresql(thrown, what),
    async open() {
      const { host, port, database, user, password } = server;
      const client = new Client({
        host,
        port,
        database,
        user,
        password,
        ssl: tlsFor(server),
        types,
        application_name: "apg",
        keepAlive: true,
      });
      const link = new PostgresqlLink(client, server);
      try {
        await withinTime(client.connect(), server.connectMs, where, () => link.end());
        await link.greet(typeof schema === "string" && schema !== "" ? schema : undefined);
        return link;
      } catch (thrown) {
        link.end();
        return refusePostgresql(thrown, where);
      }
    },
  };
}

/** The library would look for the host's name only, and for none where the host is an address. */
function tlsFor({ host, ssl }: ServerSettings) {
  if (ssl === false) return false;
  return {
    ...ssl,
    checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(ssl.servername ?? host, shown),
  };
}

class PostgresqlLink implements Link {
  broken = false;
  server = "PostgreSQL";
  readonly returning = true;
  #process = 0;

  constructor(
    private readonly client: Client,
    private readonly settings: ServerSettings,
  ) {
    const lost = (): void => void (this.broken = true);
    client.on("error", lost).on("end", lost);
  }

  async greet(schema: string | undefined): Promise<void> {
    const { rows } = await this.client.query<{ version: string; pid: number }>(
      "select current_setting('server_version') as version, pg_backend_pid() as pid, set_config('TimeZone', 'UTC', false), set_config('search_path', case when $1::text is null then current_setting('search_path') else quote_ident($1) || ', public' end, false)",
      [schema ?? null],
    );
    this.server = `PostgreSQL ${rows[0]?.version ?? ""}`.trim();
    this.#process = rows[0]?.pid ?? 0;
  }

  async *stream({ sql, bound }: Statement, batchSize: number): AsyncGenerator<readonly JsonObject[], Done> {
    const cursor = this.client.query(new Cursor<JsonObject>(sql, [...bound], { types }));
    let given = 0;
    let changed: number | null = null;
    let inside = false;
    try {
      for (;;) {
        const { rows, count } = await read(cursor, batchSize);
        changed = count ?? changed;
        if (rows.length === 0) return { changed: changed ?? given };
        given += rows.length;
        inside = true;
        yield rows.map(toJson) as JsonObject[];
        inside = false;
      }
    } finally {
      // Nobody wants the rest. After an error the server has closed it, and would not answer.
      if (inside && !this.broken) await cursor.close();
    }
  }

  async run({ sql, bound }: Statement): Promise<Done & { readonly rows: readonly JsonObject[] }> {
    const { rows, rowCount } = await this.client.query<JsonObject>(sql, [...bound]);
    return { rows: rows.map(toJson) as JsonObject[], changed: rowCount ?? 0 };
  }

  async begin(): Promise<void> {
    await this.client.query("begin");
  }

  async commit(): Promise<void> {
    await this.client.query("commit");
  }

  async rollback(): Promise<void> {
    await this.client.query("rollback");
  }

  async check(): Promise<void> {
    await this.client.query("select 1");
  }

  /** The server listens to a cancel on a link of its own only. */
  cancel(): void {
    const { host, port, database, user, password } = this.settings;
    const other = new Client({ host, port, database, user, password, ssl: tlsFor(this.settings) });
    other.on("error", () => undefined);
    other
      .connect()
      .then(() => other.query("select pg_cancel_backend($1)", [this.#process]))
      .then(
        () => other.end(),
        // The link itself is ended soon: that is the way when nobody answers here.
        () => other.end().catch(() => undefined),
      );
  }

  end(): void {
    this.broken = true;
    // It may be in the middle of something: nobody waits for a polite end.
    this.client.end().catch(() => undefined);
    this.client.connection.stream.destroy();
  }
}

function read(
  cursor: Cursor<JsonObject>,
  batchSize: number,
): Promise<{ readonly rows: readonly JsonObject[]; readonly count: number | null }> {
  return new Promise((resolve, reject) => {
    cursor.read(batchSize, (error, rows, result) =>
      error ? reject(error) : resolve({ rows, count: result?.rowCount ?? null }),
    );
  });
}

function instant(text: string): Json {
  const at = new Date(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** By SQLSTATE, the longest beginning first: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TYPES: readonly (readonly [string, ErrorType])[] = [
  ["42P01", "not_found"],
  ["3D000", "not_found"],
  ["3F000", "not_found"],
  ["42501", "authorization_error"],
  ["25006", "authorization_error"],
  ["57014", "timeout"],
  ["40", "server_error"],
  ["55P03", "server_error"],
  ["53100", "resource_limit_exceeded"],
  ["53", "server_error"],
  ["57P", "connection_error"],
  ["08", "connection_error"],
  ["28", "authentication_error"],
  ["22", "validation_error"],
  ["23", "validation_error"],
  ["42", "bad_request"],
  ["26", "bad_request"],
  ["0A", "bad_request"],
  ["25", "bad_request"],
];

function refusePostgresql(thrown: unknown, where: string): never {
  if (thrown instanceof DatabaseError && thrown.code !== undefined) {
    const { code, detail, message } = thrown;
    const type = TYPES.find(([start]) => code.startsWith(start))?.[1] ?? "server_error";
    const more = detail === undefined || detail === "" ? "" : ` ${detail}`;
    return refuse({ type, message: `${where}: ${message}.${more} (${code})` });
  }
  refuseNetworkError(thrown, where);
  // The library has no code for a link that ends in the middle.
  if (thrown instanceof Error && !(thrown instanceof Refusal) && thrown.constructor === Error)
    return refuse({ type: "connection_error", message: `${where}: ${thrown.message}.` });
  throw thrown;
}
