import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
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

const DEBIAN = "/usr/lib/postgresql";

/** Where PostgreSQL's programs are: Debian's newest, else those on the path. */
export function postgresqlPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, "bin")),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.find((folder) => programAt([join(folder, "initdb")]) && programAt([join(folder, "postgres")]));
}

/** Starts PostgreSQL with one database and one user who may do anything in it. */
export async function startPostgresql(): Promise<DatabaseServer> {
  const programs = postgresqlPrograms();
  if (programs === undefined) throw new Error("PostgreSQL is not installed: run npm test as root, or install it.");
  const folder = serverFolder("postgresql");
  const data = join(folder, "data");
  const password = "s3cret ü@'\"";
  const passwordFile = secretFile(folder, "password", password);
  const flags = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N", "-U", "apg", `--pwfile=${passwordFile}`];
  prepare(join(programs, "initdb"), ["-D", data, ...flags], folder);
  const single = ["--single", "-D", data, "postgres"];
  prepare(join(programs, "postgres"), single, folder, "create database apg;\n");
  const port = await freePort();
  const listen = ["-p", String(port), "-h", "127.0.0.1", "-k", folder, "-F", "-c", "shared_buffers=16MB"];
  const tls = [
    ...["-c", "ssl=on", "-c", `ssl_cert_file=${secretFile(folder, "server.pem", certificate.cert)}`],
    ...["-c", `ssl_key_file=${secretFile(folder, "server.key", certificate.key)}`],
  ];
  const start = () =>
    ServerProcess.start(
      join(programs, "postgres"),
      ["-D", data, ...listen, ...tls],
      folder,
      "is ready to accept connections",
    );
  // SIGINT: ends at once and breaks off what runs.
  return databaseServer("postgresql", folder, port, password, start, "SIGINT");
}
