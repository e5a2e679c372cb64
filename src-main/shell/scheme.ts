import { protocol } from "electron";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { decoded } from "@shared/base/decoded";

const SCHEME = "apg";
/** The page's origin. */
export const ORIGIN = `${SCHEME}://app`;

const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Must run before the app is ready: makes the scheme a secure origin with storage and module scripts. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window in `folder` as `apg://app/…`, and nothing else. */
export function serveScheme(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const name = pathname === "/" ? "index.html" : decoded(pathname);
    if (name === undefined) return new Response(null, { status: 404 });
    const file = normalize(join(folder, name));
    const type = TYPES[extname(file)];
    if (host !== "app" || !file.startsWith(folder + sep) || type === undefined)
      return new Response(null, { status: 404 });
    // Read whole, since the file may lie in an archive that streams do not reach.
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EISDIR") return undefined;
      throw error;
    });
    if (bytes === undefined) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(bytes), {
      headers: { "content-type": type, "content-security-policy": POLICY, "x-content-type-options": "nosniff" },
    });
  });
}
