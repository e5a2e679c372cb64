import { errors } from "undici";
import type { Problem } from "../behaviour";
import { RefusedAddress } from "./guard";

const TIMEOUTS: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

const CAUSES: { readonly [code: string]: string } = {
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it reset the connection",
  EPIPE: "it closed the connection",
  UND_ERR_SOCKET: "it closed the connection",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "it cannot be reached",
  ETIMEDOUT: "it did not answer in time",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer in time",
  UND_ERR_HEADERS_TIMEOUT: "it did not answer in time",
  UND_ERR_BODY_TIMEOUT: "it stopped sending",
};

/** No connection came to be, so nothing went over it. */
const UNSENT: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What is wrong with an answer that came. */
const ANSWERS: { readonly [code: string]: string } = {
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "it is not as long as it says",
  UND_ERR_HEADERS_OVERFLOW: "its headers are too long",
  Z_DATA_ERROR: "it is not packed as it says",
  Z_BUF_ERROR: "what is packed in it breaks off",
  ERR__ERROR_FORMAT_PADDING_1: "it is not packed as it says",
};

/** Why a call got no answer; `undefined` for what is no failure of the network but a fault of this program. */
export function problemOfCause(thrown: unknown, where: string): Problem | undefined {
  const causes = causesOf(thrown);
  const refused = causes.find((cause) => cause instanceof RefusedAddress);
  if (refused) {
    return {
      type: "authorization_error",
      message: `${where} was not called: ${refused.reason}, which the network policy "restricted" refuses.`,
      place: "config.network_policy",
    };
  }
  if (causes.some((cause) => cause instanceof errors.HTTPParserError))
    return { type: "connection_error", message: `${where} gave no proper answer: it does not keep to HTTP.` };
  const codes = causes.flatMap((cause) => (typeof cause.code === "string" ? [cause.code] : []));
  const odd = codes.find((code) => ANSWERS[code] !== undefined);
  if (odd !== undefined)
    return { type: "connection_error", message: `${where} gave no proper answer: ${ANSWERS[odd]} (${odd}).` };
  const known = codes.find((code) => CAUSES[code] !== undefined);
  if (known !== undefined) {
    return {
      type: TIMEOUTS.has(known) ? "timeout" : "connection_error",
      message: `${where} gave no answer: ${CAUSES[known]} (${known}).`,
      ...(UNSENT.has(known) ? { unsent: true } : {}),
    };
  }
  const tls = codes.find(isTls);
  if (tls !== undefined)
    return {
      type: "connection_error",
      message: `${where} is not trusted: its certificate or TLS is wrong (${tls}).`,
      unsent: true,
    };
  if (
    thrown instanceof errors.UndiciError ||
    codes.some((code) => code.startsWith("Z_") || code.startsWith("ERR__ERROR") || code.startsWith("E"))
  ) {
    return { type: "connection_error", message: `${where} gave no proper answer (${codes[0] ?? "unknown cause"}).` };
  }
  return undefined;
}

function isTls(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO$)/.test(code);
}

/** An error and its causes, outermost first; of several attempts to connect, of each. */
function causesOf(thrown: unknown): (object & { readonly code?: unknown })[] {
  const found: (object & { readonly code?: unknown })[] = [];
  let at: unknown = thrown;
  for (let depth = 0; depth < 5 && typeof at === "object" && at !== null; depth++) {
    found.push(at);
    const { cause, errors: several } = at as { cause?: unknown; errors?: unknown };
    if (Array.isArray(several)) found.push(...several.flatMap(causesOf));
    at = cause;
  }
  return found;
}

/** How long a `Retry-After` header asks to wait: seconds, or a date. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
