import type { IncomingMessage } from "node:http";
import { tokenMatches } from "./token";

/** What is wrong with a request for the socket, or `undefined`. */
export type Refusal = "path" | "host" | "origin" | "token";

/**
 * Whether `host`, a request's Host header, names this machine's loopback at `port`.
 *
 * A page of a foreign site can make a browser reach 127.0.0.1 under its own name (DNS rebinding); the Host header
 * then carries that name.
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Judges an upgrade to the socket: only `/rpc`, under the host's own name, from its own pages, with the token. */
export function refusalOf(request: IncomingMessage, port: number, token: string): Refusal | undefined {
  const { host, origin } = request.headers;
  if (!isOwnHost(host, port)) return "host";
  const address = new URL(request.url ?? "/", `http://${host}`);
  if (address.pathname !== "/rpc") return "path";
  // Browsers always send Origin with a WebSocket; programs of this machine need not.
  if (origin !== undefined && origin !== `http://127.0.0.1:${port}` && origin !== `http://localhost:${port}`)
    return "origin";
  if (!tokenMatches(token, address.searchParams.get("token"))) return "token";
  return undefined;
}
