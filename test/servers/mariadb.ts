import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { certificate } from "./certificate";
import {
  databaseServer,
  freePort,
  prepare,
  programAt,
  secretFile,
  serverFolder,
  ServerProcess,
  type DatabaseServer,
} from "./process";

const TABLES = ["mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql"];

interface Programs {
  readonly server: string;
  /** The folder of the statements that make the system's tables. */
  readonly share: string;
}

/** Where MariaDB's server is, with what it is set up by. */
export function mariadbPrograms(): Programs | undefined {
  const folders = [
    "/usr/sbin",
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  const server = programAt(folders.map((folder) => join(folder, "mariadbd")));
  if (server === undefined) return undefined;
  const shares = ["mysql", "mariadb"].map((name) => join(dirname(server), "../share", name));
  const share = shares.find((folder) => TABLES.every((file) => existsSync(join(folder, file))));
  return share === undefined ? undefined : { server, share };
}

/** Starts MariaDB with one database and one user who may do anything. */
export async function startMariadb(): Promise<DatabaseServer> {
  const programs = mariadbPrograms();
  if (programs === undefined) throw new Error("MariaDB is not installed: run npm test as root, or install it.");
  const { server, share } = programs;
  const folder = serverFolder("mariadb");
  const data = join(folder, "data");
  const password = 's3cret ü@"';
  const common = [
    "--no-defaults",
    `--datadir=${data}`,
    "--innodb-log-file-size=8M",
    "--skip-log-bin",
    `--lc-messages-dir=${share}`,
  ];
  const user = process.getuid?.() === 0 ? ["--user=nobody"] : [];
  // The server's own installation script asks for programs of other packages; these are its statements.
  const statements = [
    "create database mysql;",
    "use mysql;",
    ...TABLES.map((file) => readFileSync(join(share, file), "utf8")),
    "flush privileges;",
    `create user apg@'%' identified by '${password}';`,
    "create database apg character set utf8mb4;",
    "grant all on *.* to apg@'%' with grant option;",
    "",
  ].join("\n");
  prepare("/bin/mkdir", [data], folder);
  prepare(server, [...common, ...user, "--bootstrap"], folder, statements);
  const port = await freePort();
  const listen = [
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "s.sock")}`,
    `--pid-file=${join(folder, "pid")}`,
  ];
  const tls = [
    `--ssl-cert=${secretFile(folder, "server.pem", certificate.cert)}`,
    `--ssl-key=${secretFile(folder, "server.key", certificate.key)}`,
  ];
  const start = () =>
    ServerProcess.start(server, [...common, ...user, ...listen, ...tls], folder, "ready for connections");
  return databaseServer("mysql", folder, port, password, start, "SIGTERM");
}
