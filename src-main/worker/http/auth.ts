import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { kindOf } from "../records/json";
import { headerText, oneOf, textAt } from "./fields";

/** OAuth 2.0 client credentials: how a token is got. */
export interface ClientCredentials {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly audience?: string;
  /** Whether the client proves itself in a header (`basic`) or in the body. */
  readonly clientAuth: "basic" | "body";
}

/** What a sign-in adds to a request. */
export interface SignIn {
  /** Headers with credentials, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Query fields with credentials. */
  readonly query: ReadonlyMap<string, string>;
  readonly oauth?: ClientCredentials;
}

const KINDS = ["none", "basic", "bearer", "api_key", "oauth2_client_credentials"] as const;

/** Reads a sign-in, of a component's config or of a connection; `place` names it in messages. */
export function signInOf(written: Json | undefined, place: string): SignIn {
  const headers = new Map<string, string>();
  const query = new Map<string, string>();
  const none = { headers, query };
  if (written === undefined || written === null) return none;
  if (!isJsonObject(written)) return refuse(invalid(`The sign-in is ${kindOf(written)}; it takes an object.`, place));
  const auth = written;
  const need = (key: string): string =>
    textAt(auth, key, `${place}.`) ?? refuse(invalid(`The sign-in needs ${key}.`, `${place}.${key}`));
  switch (oneOf(auth, "type", KINDS, `${place}.`)) {
    case "none":
      return none;
    case "basic":
      headers.set("authorization", basic(need("username"), textAt(auth, "password", `${place}.`) ?? ""));
      return none;
    case "bearer":
      headers.set("authorization", `Bearer ${headerText(need("token"), `${place}.token`)}`);
      return none;
    case "api_key": {
      const name = textAt(auth, "name", `${place}.`) ?? "X-API-Key";
      const key = textAt(auth, "value", `${place}.`) ?? need("key");
      if (oneOf(auth, "in", ["header", "query"], `${place}.`) === "query") query.set(name, key);
      else headers.set(name.toLowerCase(), headerText(key, `${place}.key`));
      return none;
    }
    case "oauth2_client_credentials":
      return { ...none, oauth: clientCredentials(auth, need, place) };
  }
}

/** The value of an `Authorization` header. */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`, "utf8").toString("base64")}`;
}

function clientCredentials(auth: JsonObject, need: (key: string) => string, place: string): ClientCredentials {
  const written = need("token_url");
  const tokenUrl = URL.canParse(written) ? new URL(written) : undefined;
  if (tokenUrl === undefined || !/^https?:$/.test(tokenUrl.protocol)) {
    return refuse(
      invalid(`${JSON.stringify(written)} is no URL; it begins with http:// or https://.`, `${place}.token_url`),
    );
  }
  const scope = textAt(auth, "scope", `${place}.`);
  const audience = textAt(auth, "audience", `${place}.`);
  return {
    tokenUrl,
    clientId: need("client_id"),
    clientSecret: need("client_secret"),
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    clientAuth: oneOf(auth, "client_auth", ["basic", "body"], `${place}.`),
  };
}
