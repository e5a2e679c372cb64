import type { Readable } from "node:stream";
import { typeOfStatus } from "@shared/components/error-types";
import { decoded } from "@shared/base/decoded";
import type { JsonObject } from "@shared/base/json";
import { isListed } from "@shared/workflow/resource-access";
import { type Problem, Refusal, refuse } from "../behaviour";
import { basic } from "./auth";
import { ACCEPTED_ENCODINGS, excerptOf, readBody } from "./body";
import type { Dispatchers } from "./dispatchers";
import type { Exchange } from "./exchange";
import { problemOfCause, retryAfterMs } from "./failures";
import { targetOf } from "./hosts";
import type { RequestBody } from "./request-body";
import type { RequestSettings } from "./settings";
import type { PostForm } from "./grant";
import type { Tokens } from "./tokens";

/** An answer, received. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly bytes: Buffer;
  /** What was written of it, in place of `bytes`. */
  readonly saved?: JsonObject;
  /** The address that answered, after redirects, as the workflow would name it. */
  readonly url: URL;
}

/** What one call of several (pages) has of its own. */
export interface Call {
  readonly url: URL;
  readonly idempotencyKey: string | undefined;
}

/** What a thread keeps between calls. */
export interface Outside {
  readonly dispatchers: Dispatchers;
  readonly tokens: Tokens;
}

/** How far a call came, for whoever has to say why it took too long. */
export interface Course {
  phase: "sent" | "answered";
  /** Somebody answered: whatever fails after that, something was sent. */
  reached?: true;
}

/** What calls need beside what is sent. */
export interface Means {
  readonly outside: Outside;
  readonly course: Course;
  readonly signal: AbortSignal;
  /** Takes the body of a good answer elsewhere than into memory. */
  readonly save?: (body: Readable, encoding: string | undefined, where: string) => Promise<JsonObject>;
  /** Tokens that were got on the way: they must not come out. */
  readonly secrets: Set<string>;
}

type RequestWay = Pick<
  RequestSettings,
  "name" | "restricted" | "ownOrigin" | "network" | "apis" | "hosts" | "maxBytes"
>;

const MOST_REDIRECTS = 10;
/** Headers that must not follow a redirect to another host. */
const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];

/** Sends one request, follows redirects, and reads the answer; a status of 400 or more is refused with its type of error. */
export async function send(settings: RequestSettings, call: Call, means: Means): Promise<Answer> {
  const headers = new Map(settings.headers);
  if (call.idempotencyKey !== undefined) headers.set("idempotency-key", call.idempotencyKey);
  takeUserInfo(call.url, headers);
  const { oauth } = settings;
  if (oauth === undefined) return checked(await followed(settings, call.url, headers, means), settings);

  const token = async (): Promise<string> => {
    const { tokens } = means.outside;
    const post: PostForm = (url, given, form) => posted(settings, url, given, form, means);
    const got = await tokens.get(oauth, post, Date.now(), means.signal);
    means.secrets.add(got);
    headers.set("authorization", `Bearer ${got}`);
    return got;
  };
  const first = await token();
  const answer = await followed(settings, call.url, headers, means);
  if (answer.status !== 401) return checked(answer, settings);
  // It may have been withdrawn before its time: one more, fresh.
  means.outside.tokens.forget(oauth, first);
  await token();
  return checked(await followed(settings, call.url, headers, means), settings);
}

async function followed(
  settings: RequestSettings,
  from: URL,
  given: ReadonlyMap<string, string>,
  means: Means,
): Promise<Answer> {
  let url = from;
  let { method, body } = settings;
  const headers = new Map(given);
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(settings, { url, method, headers, body }, means);
    const to = settings.followRedirects ? redirectOf(answer, url) : undefined;
    if (to === undefined) return answer;
    if (redirects === MOST_REDIRECTS) {
      refuse({
        type: "connection_error",
        message: `${settings.name ?? words(method, from)} was redirected more than ${MOST_REDIRECTS} times.`,
      });
    }
    if (!isSafeFor(to, url)) for (const name of [...CREDENTIALS, ...settings.credentialHeaders]) headers.delete(name);
    if (answer.status === 303 || ((answer.status === 301 || answer.status === 302) && method === "POST")) {
      if (method !== "HEAD") method = "GET";
      body = undefined;
      headers.delete("content-type");
    }
    url = to;
  }
}

async function posted(
  settings: RequestSettings,
  url: URL,
  given: ReadonlyMap<string, string>,
  form: string,
  means: Means,
): Promise<Answer> {
  const body: RequestBody = { bytes: Buffer.byteLength(form), contentType: "", open: () => form };
  const { save: _save, ...plain } = means;
  // Where to sign in is part of who is called.
  const { name: _name, apis: _apis, ...way } = settings;
  return exchange({ ...way, maxBytes: 1024 * 1024 }, { url, method: "POST", headers: given, body }, plain);
}

interface Sending {
  readonly url: URL;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: RequestBody | undefined;
}

async function exchange(way: RequestWay, sending: Sending, means: Means): Promise<Answer> {
  const where = way.name ?? words(sending.method, sending.url);
  const { course, signal } = means;
  try {
    course.phase = "sent";
    const response = await dispatched(way, sending, means);
    course.phase = "answered";
    course.reached = true;
    const headers = plainHeaders(response.headers);
    const answer = { status: response.statusCode, headers, url: sending.url };
    const encoding = sending.method === "HEAD" ? undefined : headers["content-encoding"];
    if (response.statusCode >= 400) return { ...answer, bytes: await excerptOf(response.body, encoding) };
    if (means.save && response.statusCode < 300) {
      return { ...answer, bytes: Buffer.alloc(0), saved: await means.save(response.body, encoding, where) };
    }
    return {
      ...answer,
      bytes: await readBody(response.body, encoding, headers["content-length"], way.maxBytes, where),
    };
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    if (signal.aborted) throw signal.reason;
    const problem = problemOfCause(thrown, where);
    if (!problem) throw thrown;
    const { unsent: _unsent, ...sent } = problem;
    return refuse(course.reached === true ? sent : problem);
  }
}

async function dispatched(way: RequestWay, sending: Sending, { outside, signal }: Means): Promise<Exchange> {
  const { url, method, body } = sending;
  if (way.apis !== undefined && url.origin !== way.ownOrigin && !isListed(way.apis, url.hostname))
    refuse(unlisted(url, way.apis));
  const target = targetOf(url, way.hosts);
  const guarded = way.restricted && !target.redirected && url.origin !== way.ownOrigin;
  // What the workspace leads to a place of its own is reached directly.
  const network = target.redirected ? { ...way.network, proxy: undefined } : way.network;
  const sender = await outside.dispatchers.of(target.url, { network: withoutAbsent(network), guarded });
  const headers: { [name: string]: string } = {
    "accept-encoding": ACCEPTED_ENCODINGS,
    ...Object.fromEntries(sending.headers),
  };
  if (target.host !== undefined) headers["host"] = target.host;
  if (body) headers["content-length"] = String(body.bytes);
  return sender.request({
    origin: target.url.origin,
    path: target.url.pathname + target.url.search,
    method,
    headers,
    ...(body ? { body: body.open() } : {}),
    signal,
  });
}

function unlisted({ hostname }: URL, apis: readonly string[]): Problem {
  return {
    type: "authorization_error",
    message: `The workflow may not use ${hostname}: its permissions.resource_access.apis ${apis.length === 0 ? "names none" : `names ${apis.join(", ")}`}.`,
    place: "permissions.resource_access.apis",
  };
}

function withoutAbsent<T extends { readonly proxy?: string | undefined }>({ proxy, ...rest }: T) {
  return proxy === undefined ? rest : { ...rest, proxy };
}

function takeUserInfo(url: URL, headers: Map<string, string>): void {
  if (url.username === "" && url.password === "") return;
  if (!headers.has("authorization"))
    headers.set("authorization", basic(decoded(url.username) ?? url.username, decoded(url.password) ?? url.password));
  url.username = "";
  url.password = "";
}

function redirectOf(answer: Answer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const location = answer.headers["location"];
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from.href);
  return to.protocol === "http:" || to.protocol === "https:" ? to : undefined;
}

/** Whether what proves who is calling may go from one address to another: in the same place, on TLS at least where it was on TLS. */
export function isSafeFor(to: URL, from: URL): boolean {
  return to.hostname === from.hostname && (to.origin === from.origin || isUpgrade(to, from));
}

/** `http:` on its usual port to `https:` on its usual port. */
function isUpgrade(to: URL, from: URL): boolean {
  return from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
}

function checked(answer: Answer, { method, name }: RequestSettings): Answer {
  if (answer.status < 400) return answer;
  const wait = retryAfterMs(answer.headers["retry-after"], Date.now());
  const said = excerpt(answer.bytes);
  return refuse({
    type: typeOfStatus(answer.status),
    message: `${name ?? words(method, answer.url)} was answered with ${answer.status}${said === "" ? "" : `: ${said}`}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** What a message calls a request. The query stays out: it often holds keys. */
export function words(method: string, url: URL): string {
  return `${method} ${url.origin}${url.pathname}`;
}

function excerpt(bytes: Buffer): string {
  const text = bytes.subarray(0, 1000).toString("utf8").replace(/\s+/g, " ").trim();
  if (/[\u0000-\u0008\ufffd]/.test(text)) return "";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function plainHeaders(headers: { readonly [name: string]: string | string[] | undefined }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
