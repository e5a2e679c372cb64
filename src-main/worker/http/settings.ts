import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Bytes, Ms } from "@shared/base/units";
import type { NetworkSettings, Task } from "@shared/execution/effect";
import { invalid, missing, refuse } from "../behaviour";
import { kindOf } from "../records/json";
import { signInOf, type ClientCredentials } from "./auth";
import { baseOf, joined, type Base } from "./base";
import { headersOf, numberAt, oneOf, textAt } from "./fields";
import { requestBodyOf, type RequestBody } from "./request-body";

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
  /** What messages call it, where its address is a secret. */
  readonly name?: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Headers that hold credentials beside the usual ones: they stay with their host. */
  readonly credentialHeaders: readonly string[];
  readonly oauth?: ClientCredentials;
  readonly body: RequestBody | undefined;
  readonly timeoutMs: Ms;
  readonly followRedirects: boolean;
  readonly responseType: ResponseType;
  readonly maxBytes: Bytes;
  readonly pagination?: Pagination;
  readonly restricted: boolean;
  /** An origin the workspace named itself, as the base of a connection: no restriction applies to it. */
  readonly ownOrigin?: string;
  readonly network: NetworkSettings;
  /** The hosts the workflow is limited to beside that origin; absent: any. */
  readonly apis?: readonly string[];
  /** The hosts that the workspace leads elsewhere. */
  readonly hosts: { readonly [host: string]: string };
  /** Plain texts made of sensitive ones, which must not come out either. */
  readonly derived: readonly string[];
}

const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** Reads and checks the config of an `http_request`. */
export async function requestSettings(task: Task): Promise<RequestSettings> {
  const { config, services } = task;
  const method = (textAt(config, "method") ?? "GET").toUpperCase();
  if (!METHODS.has(method))
    refuse(invalid(`The method ${method} is none of ${[...METHODS].join(", ")}.`, "config.method"));
  const base = connectionBase(task);
  const url = urlOf(textAt(config, "url"), base);
  addQuery(url, config["query"]);
  const own = signInOf(config["auth"], "config.auth");
  const signIn = config["auth"] === undefined || config["auth"] === null ? (base?.signIn ?? own) : own;
  for (const [name, value] of signIn.query) url.searchParams.set(name, value);
  const headers = new Map([
    ...(base?.headers ?? []),
    ...headersOf(config["headers"], "config.headers"),
    ...signIn.headers,
  ]);
  const body = await requestBodyOf(task, headers.get("content-type"));
  if (body) setDefault(headers, "content-type", body.contentType);
  addIdentity(headers, task);
  const pagination = paginationOf(config["pagination"]);
  return {
    url,
    method,
    headers,
    credentialHeaders: [...(base?.credentialHeaders ?? []), ...signIn.headers.keys(), ...listedFields(config)],
    ...(signIn.oauth ? { oauth: signIn.oauth } : {}),
    body,
    timeoutMs: timeoutOf(task, base),
    followRedirects: config["follow_redirects"] !== false,
    responseType: oneOf(config, "response_type", ["auto", "json", "text", "bytes"]),
    maxBytes: maxBytesOf(config),
    ...(pagination ? { pagination } : {}),
    restricted:
      oneOf(config, "network_policy", ["open", "restricted"]) === "restricted" || task.networkPolicy === "restricted",
    ...(base ? { ownOrigin: base.url.origin } : {}),
    network: services?.network ?? {},
    ...(services?.apis ? { apis: services.apis } : {}),
    hosts: task.place.hosts,
    derived: derivedFrom(task.sensitive, [...headers.values()]),
  };
}

/** What every call says of itself: who calls, for which attempt, on behalf of what. */
export function addIdentity(headers: Map<string, string>, task: Task): void {
  setDefault(headers, "idempotency-key", task.key);
  setDefault(headers, "x-correlation-id", task.correlationId);
  setDefault(headers, "user-agent", "APG-Workflow-Studio");
}

/** Credentials of a `Basic` header that are made of sensitive texts. */
export function derivedFrom(sensitive: readonly string[], headers: readonly string[]): readonly string[] {
  return headers.flatMap((value) => {
    const encoded = /^Basic (\S+)$/.exec(value)?.[1];
    if (encoded === undefined) return [];
    const plain = Buffer.from(encoded, "base64").toString("utf8");
    return sensitive.some((text) => text !== "" && plain.includes(text)) ? [encoded] : [];
  });
}

/** How long one attempt may take: the component's word, else the connection's, else the type's. */
export function timeoutOf(task: Task, base: Base | undefined): Ms {
  const said = task.config["timeout"] === undefined ? base?.timeoutMs : undefined;
  return Math.min(said ?? numberAt(task.config, "timeout", 30) * 1000, task.limits.timeoutMs ?? Infinity);
}

function connectionBase({ config, services, sensitive }: Task): Base | undefined {
  const name = textAt(config, "connection");
  if (name === undefined) return undefined;
  const { connection } = services ?? {};
  if (connection?.kind !== "http") {
    return refuse(
      missing(`The workspace has no HTTP connection called ${name}. Add it under Connections.`, "config.connection"),
    );
  }
  return baseOf(connection, sensitive);
}

function urlOf(written: string | undefined, base: Base | undefined): URL {
  if (base) return joined(base, written ?? "");
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

function setDefault(headers: Map<string, string>, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

function listedFields(config: JsonObject): readonly string[] {
  const listed = Array.isArray(config["sensitive_fields"]) ? (config["sensitive_fields"] as readonly Json[]) : [];
  return listed.map((name) => String(name).toLowerCase());
}

/** A file has no usual limit: only one that was written. */
function maxBytesOf(config: JsonObject): Bytes {
  const toFile = (config["save_to"] ?? null) !== null && config["max_response_mb"] === undefined;
  return toFile ? Infinity : numberAt(config, "max_response_mb", 64) * 1024 * 1024;
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
