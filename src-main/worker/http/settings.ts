import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Bytes, Ms } from "@shared/base/units";
import type { Task } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { kindOf } from "../records/json";

/** How the body of an answer is read. */
export type ResponseType = "auto" | "json" | "text" | "bytes";

/** How the pages after the first are found. */
export interface Pagination {
  readonly kind: "next_link" | "page" | "cursor";
  readonly next: string;
  readonly pageParam: string;
  readonly startPage: number;
  readonly cursor: string;
  readonly cursorParam: string;
  readonly items?: string;
  readonly maxPages: number;
}

/** A request as the workflow asks for it, checked. */
export interface RequestSettings {
  readonly url: URL;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Headers that hold credentials beside the usual ones: they stay with their host. */
  readonly credentialHeaders: readonly string[];
  readonly body: string | undefined;
  readonly timeoutMs: Ms;
  readonly followRedirects: boolean;
  readonly responseType: ResponseType;
  readonly maxBytes: Bytes;
  readonly pagination?: Pagination;
  readonly restricted: boolean;
}

const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** Reads and checks the config of an `http_request`. */
export function requestSettings(task: Task): RequestSettings {
  const { config } = task;
  const method = (textAt(config, "method") ?? "GET").toUpperCase();
  if (!METHODS.has(method))
    refuse(invalid(`The method ${method} is none of ${[...METHODS].join(", ")}.`, "config.method"));
  const url = urlOf(textAt(config, "url"));
  addQuery(url, config["query"]);
  const headers = headersOf(config["headers"]);
  signIn(config["auth"], headers, url);
  const body = bodyOf(config["body"], headers);
  setDefault(headers, "idempotency-key", task.key);
  setDefault(headers, "x-correlation-id", task.correlationId);
  setDefault(headers, "user-agent", "APG-Workflow-Studio");
  const pagination = paginationOf(config["pagination"]);
  return {
    url,
    method,
    headers,
    credentialHeaders: credentialHeadersOf(config),
    body,
    timeoutMs: Math.min(numberAt(config, "timeout", 30) * 1000, task.limits.timeoutMs ?? Infinity),
    followRedirects: config["follow_redirects"] !== false,
    responseType: oneOf(config, "response_type", ["auto", "json", "text", "bytes"]),
    maxBytes: numberAt(config, "max_response_mb", 64) * 1024 * 1024,
    ...(pagination ? { pagination } : {}),
    restricted: oneOf(config, "network_policy", ["open", "restricted"]) === "restricted",
  };
}

function urlOf(written: string | undefined): URL {
  if (written === undefined || written === "") return refuse(invalid("It has no URL.", "config.url"));
  if (!URL.canParse(written))
    return refuse(invalid(`${JSON.stringify(written)} is no URL; it begins with http:// or https://.`, "config.url"));
  const url = new URL(written);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  return refuse(invalid(`The URL begins with ${url.protocol}; only http: and https: can be called.`, "config.url"));
}

function addQuery(url: URL, written: Json | undefined): void {
  if (written === undefined || written === null) return;
  if (!isJsonObject(written))
    refuse(invalid(`The query is ${kindOf(written)}; it takes names and values.`, "config.query"));
  for (const [name, value] of Object.entries(written as JsonObject)) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value ?? null]) {
      if (one !== null) url.searchParams.append(name, typeof one === "string" ? one : JSON.stringify(one));
    }
  }
}

function headersOf(written: Json | undefined): Map<string, string> {
  const headers = new Map<string, string>();
  if (written === undefined || written === null) return headers;
  if (!isJsonObject(written))
    return refuse(invalid(`The headers are ${kindOf(written)}; they take names and values.`, "config.headers"));
  for (const [name, value] of Object.entries(written)) {
    if (value === undefined || value === null) continue;
    if (typeof value === "object")
      refuse(invalid(`The header ${name} is ${kindOf(value)}; it takes text.`, `config.headers.${name}`));
    headers.set(name.toLowerCase(), headerText(String(value), `config.headers.${name}`));
  }
  return headers;
}

function headerText(text: string, place: string): string {
  // Latin-1 without control characters: a line break would let a value add headers of its own.
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
    ? text
    : refuse(invalid("It holds characters that a header cannot carry.", place));
}

function setDefault(headers: Map<string, string>, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

function signIn(written: Json | undefined, headers: Map<string, string>, url: URL): void {
  if (written === undefined || written === null) return;
  if (!isJsonObject(written))
    return refuse(invalid(`The sign-in is ${kindOf(written)}; it takes an object.`, "config.auth"));
  const auth = written;
  const need = (key: string): string =>
    textAt(auth, key) ?? refuse(invalid(`The sign-in needs ${key}.`, `config.auth.${key}`));
  const kind = oneOf(auth, "type", ["none", "basic", "bearer", "api_key"], "config.auth.");
  if (kind === "basic") {
    const pair = `${need("username")}:${textAt(auth, "password") ?? ""}`;
    headers.set("authorization", `Basic ${Buffer.from(pair, "utf8").toString("base64")}`);
  } else if (kind === "bearer") {
    headers.set("authorization", `Bearer ${headerText(need("token"), "config.auth.token")}`);
  } else if (kind === "api_key") {
    const name = textAt(auth, "name") ?? "X-API-Key";
    if (oneOf(auth, "in", ["header", "query"], "config.auth.") === "query") url.searchParams.set(name, need("key"));
    else headers.set(name.toLowerCase(), headerText(need("key"), "config.auth.key"));
  }
}

function credentialHeadersOf(config: JsonObject): readonly string[] {
  const auth = isJsonObject(config["auth"]) ? config["auth"] : {};
  const listed = Array.isArray(config["sensitive_fields"]) ? (config["sensitive_fields"] as readonly Json[]) : [];
  const own = auth["type"] === "api_key" ? [auth["name"] ?? "X-API-Key"] : [];
  return [...own, ...listed].map((name) => String(name).toLowerCase());
}

function bodyOf(written: Json | undefined, headers: Map<string, string>): string | undefined {
  if (written === undefined || written === null) return undefined;
  if (typeof written === "string") {
    setDefault(headers, "content-type", "text/plain; charset=utf-8");
    return written;
  }
  setDefault(headers, "content-type", "application/json");
  return JSON.stringify(written);
}

function paginationOf(written: Json | undefined): Pagination | undefined {
  if (written === undefined || written === null || written === false) return undefined;
  if (!isJsonObject(written))
    return refuse(invalid(`The pages are ${kindOf(written)}; they take an object.`, "config.pagination"));
  const items = textAt(written, "items");
  return {
    kind: oneOf(written, "type", ["next_link", "page", "cursor"], "config.pagination."),
    next: textAt(written, "next") ?? "next",
    pageParam: textAt(written, "page_param") ?? "page",
    startPage: numberAt(written, "start_page", 1, "config.pagination.", 0),
    cursor: textAt(written, "cursor") ?? "next_cursor",
    cursorParam: textAt(written, "cursor_param") ?? "cursor",
    ...(items === undefined ? {} : { items }),
    maxPages: numberAt(written, "max_pages", 50, "config.pagination."),
  };
}

function textAt(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return refuse(invalid(`${key} is ${kindOf(value)}; it takes text.`, `config.${key}`));
}

function numberAt(
  from: JsonObject,
  key: string,
  standard: number,
  prefix = "config.",
  least = Number.MIN_VALUE,
): number {
  const value = from[key] ?? standard;
  if (typeof value === "number" && value >= least) return value;
  return refuse(invalid(`${key} is ${JSON.stringify(value)}; it takes a number above 0.`, `${prefix}${key}`));
}

function oneOf<T extends string>(from: JsonObject, key: string, choices: readonly T[], prefix = "config."): T {
  const value = from[key] ?? choices[0];
  const found = choices.find((choice) => choice === value);
  return (
    found ??
    refuse(invalid(`${key} is ${JSON.stringify(value)}; it takes one of ${choices.join(", ")}.`, `${prefix}${key}`))
  );
}
