import { isJsonObject } from "@shared/base/json";
import type { Ms } from "@shared/base/units";
import type { Connection } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { signInOf, type SignIn } from "./auth";
import { headersOf, numberAt, textAt } from "./fields";

/** An `http` connection of the workspace, checked. */
export interface Base {
  readonly name: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
  /** Names of its headers that stay with its host. */
  readonly credentialHeaders: readonly string[];
  readonly signIn: SignIn;
  readonly timeoutMs?: Ms;
}

/** Reads the settings of an `http` connection. */
export function baseOf({ name, settings }: Connection, sensitive: readonly string[]): Base {
  const place = `connection ${name}`;
  const written = textAt(settings, "base_url", `${place}.`) ?? "";
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return refuse(
      invalid(
        `The connection ${name} has the base URL ${JSON.stringify(written)}; it begins with http:// or https://.`,
      ),
    );
  }
  const plain = headersOf(settings["headers"], `${place}.headers`);
  const hidden = headersOf(settings["sensitive_headers"], `${place}.sensitive_headers`);
  const marked = [...plain].filter(([, value]) => sensitive.some((text) => text !== "" && value.includes(text)));
  return {
    name,
    url,
    headers: new Map([...plain, ...hidden]),
    credentialHeaders: [...hidden.keys(), ...marked.map(([header]) => header)],
    signIn: signInOf(isJsonObject(settings["auth"]) ? settings["auth"] : undefined, `${place}.auth`),
    ...(settings["timeout"] === undefined ? {} : { timeoutMs: numberAt(settings, "timeout", 30, `${place}.`) * 1000 }),
  };
}

/** The address of `path` below the base; a whole address must have the base's origin, since credentials go there. */
export function joined(base: Base, path: string): URL {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) {
    const url = URL.canParse(path) ? new URL(path) : undefined;
    if (url?.origin === base.url.origin) return url;
    return refuse(
      invalid(
        `${JSON.stringify(path)} leads elsewhere than the connection ${base.name}, ${base.url.origin}.`,
        "config.url",
      ),
    );
  }
  const url = new URL(base.url.href);
  const [way = "", query] = splitAt(path.replace(/#.*$/s, ""), "?");
  if (way !== "") url.pathname = `${base.url.pathname.replace(/\/$/, "")}/${way.replace(/^\/+/, "")}`;
  if (query !== undefined) url.search = base.url.search === "" ? `?${query}` : `${base.url.search}&${query}`;
  if (!isBelow(url.pathname, base.url.pathname)) {
    refuse(
      invalid(`${JSON.stringify(path)} leads out of the connection ${base.name}, ${base.url.href}.`, "config.url"),
    );
  }
  return url;
}

/** Whether `path`, its dots resolved, still lies under the base's: a value from outside must not reach another API of the host. */
function isBelow(path: string, base: string): boolean {
  const folder = base.endsWith("/") ? base : `${base}/`;
  return path === base || `${path}/`.startsWith(folder);
}

function splitAt(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
