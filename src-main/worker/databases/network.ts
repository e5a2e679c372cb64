import type { JsonObject } from "@shared/base/json";
import type { Ms } from "@shared/base/units";
import { refuse } from "../behaviour";
import { codeOf } from "../paths";

/** What a server is reached by, read from a connection's settings. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly ssl: false | TlsSettings;
  readonly maxLinks: number;
  readonly connectMs: Ms;
  readonly idleMs: Ms;
}

interface TlsSettings {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** Reads the settings of a database server. */
export function serverSettings(settings: JsonObject, name: string, standardPort: number): ServerSettings {
  const text = (key: string): string => {
    const value = settings[key];
    if (typeof value === "string" && value !== "") return value;
    return refuse({
      type: "validation_error",
      message: `The connection ${name} has no ${key}: fill it in among the workspace's connections.`,
      place: "config.connection",
    });
  };
  const { password, ssl } = settings;
  return {
    host: text("host"),
    port: numberOf(settings["port"], standardPort),
    database: text("database"),
    user: text("user"),
    password: typeof password === "string" ? password : "",
    ssl: ssl === "require" || ssl === "verify" ? tlsSettings(settings, ssl === "verify") : false,
    maxLinks: numberOf(settings["max_connections"], 4),
    connectMs: numberOf(settings["connect_timeout"], 10) * 1000,
    idleMs: numberOf(settings["idle_timeout"], 30) * 1000,
  };
}

function tlsSettings(settings: JsonObject, verify: boolean): TlsSettings {
  const some = (key: string, as: string) =>
    typeof settings[key] === "string" && settings[key] !== "" ? { [as]: settings[key] } : {};
  return {
    rejectUnauthorized: verify,
    ...some("ca", "ca"),
    ...some("certificate", "cert"),
    ...some("key", "key"),
    ...some("server_name", "servername"),
  };
}

/** A setting that is a number, else `standard`. */
export function numberOf(value: unknown, standard: number): number {
  return typeof value === "number" && value >= 0 ? value : standard;
}

const SAYS: { readonly [code: string]: string } = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the server broke off",
  EPIPE: "the server broke off",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's name could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "it did not answer",
};

/** Refuses with a connection error when `thrown` comes from the network. */
export function refuseNetworkError(thrown: unknown, where: string): void {
  const code = codeOf(thrown);
  if (code === undefined) return;
  if (code in SAYS) refuse({ type: "connection_error", message: `${where}: ${SAYS[code]}.` });
  if (/^(ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO|HANDSHAKE|EPROTO)/.test(code))
    refuse({ type: "connection_error", message: `${where}: no secure connection (${code}).` });
}

/** Waits for `opening` at most `limit`; `give` ends what is late. */
export async function withinTime<T>(opening: Promise<T>, limit: Ms, where: string, give: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      give();
      reject(new LateError());
    }, limit);
  });
  try {
    return await Promise.race([opening, late]);
  } catch (thrown) {
    if (thrown instanceof LateError) {
      // What the given-up attempt still says is about the end that it was given.
      opening.catch(() => undefined);
      refuse({ type: "timeout", message: `${where} did not answer within ${limit / 1000} s.` });
    }
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

class LateError extends Error {
  override readonly name = "LateError";
}
