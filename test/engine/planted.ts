import { randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import Database from "better-sqlite3";

/** A random text that encoders change: letters of both cases, digits, signs. */
export function secretText(): string {
  return `Zx9+/="${randomBytes(9).toString("base64").replace(/\W/g, "q")}-K`;
}

/** Each way a text may lie in a file or an answer. */
function formsOf(secret: string): readonly { readonly form: string; readonly bytes: Buffer }[] {
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString("base64");
    // What the neighbours in a longer text change is left out.
    return text.slice(shift === 0 ? 0 : 4, Math.floor(((shift + secret.length) * 8) / 6) - 1);
  });
  const texts: readonly (readonly [string, string])[] = [
    ["plain", secret],
    // What escaping leaves alone, however often it was done.
    ["in part", /\w+-K$/.exec(secret)?.[0] ?? secret],
    ["upper case", secret.toUpperCase()],
    ["lower case", secret.toLowerCase()],
    ["as JSON", JSON.stringify(secret).slice(1, -1)],
    ["as JSON twice", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ["URL-encoded", encodeURIComponent(secret)],
    ["URL-encoded, lower case", encodeURIComponent(secret).toLowerCase()],
    ...inBase64.map((text) => ["base64", text] as const),
    ...inBase64.map((text) => ["base64url", text.replaceAll("+", "-").replaceAll("/", "_")] as const),
    ["hexadecimal", Buffer.from(secret).toString("hex")],
  ];
  return [
    ...texts.map(([form, text]) => ({ form, bytes: Buffer.from(text) })),
    { form: "UTF-16", bytes: Buffer.from(secret, "utf16le") },
  ];
}

/** Where any of the secrets can be read: a line each place, in words. */
export function findings(
  secrets: { readonly [name: string]: string },
  places: { readonly [place: string]: Buffer | string },
): readonly string[] {
  const wanted = Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).map((form) => ({ name, ...form })),
  );
  return Object.entries(places).flatMap(([place, content]) => {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    return wanted.flatMap(({ name, form, bytes: text }) => {
      const at = bytes.indexOf(text);
      return at < 0
        ? []
        : [`${name} (${form}) in ${place}: …${bytes.subarray(Math.max(0, at - 60), at).toString("latin1")}`];
    });
  });
}

/** Every file below `folder`, and every cell of its database. */
export function workspaceIn(folder: string): { [place: string]: Buffer | string } {
  const copy = mkdtempSync(join(tmpdir(), "apg-planted-"));
  // Whoever closes a file that SQLite has open in the same process takes its locks away, so another one copies.
  execFileSync("cp", ["-r", `${folder}/.`, copy]);
  const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))] as const);
  const cells = cellsIn(join(copy, "workspace.db"));
  rmSync(copy, { recursive: true });
  return { ...Object.fromEntries(bytes), ...cells };
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Every cell of every table, packed ones unpacked: what a search of the bytes would miss. */
export function cellsIn(file: string): { [place: string]: string } {
  const db = new Database(file, { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const cells = tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM "${name}"`).all() as { [column: string]: unknown }[];
    return [`table ${name}`, rows.flatMap((row) => Object.values(row).map(cellText)).join("\n")];
  });
  db.close();
  return Object.fromEntries(cells) as { [place: string]: string };
}

function cellText(cell: unknown): string {
  if (!(cell instanceof Uint8Array)) return String(cell);
  const bytes = Buffer.from(cell);
  return bytes.subarray(0, 4).equals(ZSTD) ? zstdDecompressSync(bytes).toString() : bytes.toString("latin1");
}

/** An API that tells back all it hears, as careless servers do. */
export interface Echo {
  readonly url: string;
  /** What was heard: method, address, headers and body of every request. */
  readonly heard: string[];
  close(): Promise<void>;
}

/** Starts it. `token` is what `/token` gives. */
export async function startEcho(token: string): Promise<Echo> {
  const heard: string[] = [];
  const seen = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { pathname } = new URL(request.url ?? "/", "http://echo");
      const said = JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body });
      heard.push(said);
      const count = (seen.get(pathname) ?? 0) + 1;
      seen.set(pathname, count);
      const status = pathname.startsWith("/fail") ? 500 : pathname.startsWith("/flaky") && count % 2 === 1 ? 503 : 200;
      const answer = pathname === "/token" ? JSON.stringify({ session_token: token, seen: said }) : said;
      const delay = pathname.startsWith("/slow") ? 40 : 0;
      setTimeout(() => {
        response.writeHead(status, {
          "content-type": "application/json",
          "x-echo": encodeURIComponent(said),
        });
        response.end(answer);
      }, delay);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
