import { Agent, type Dispatcher } from "undici";
import type { Task } from "@shared/execution/effect";
import { Refusal, refuse } from "../behaviour";
import { ACCEPTED_ENCODINGS, readBody } from "./body";
import { problemOfCause, retryAfterMs, typeOfStatus } from "./failures";
import { isPrivateAddress, publicLookup, RefusedAddress, targetOf } from "./hosts";
import type { RequestSettings } from "./settings";

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly bytes: Buffer;
  /** The address that answered, after redirects, as the workflow would name it. */
  readonly url: URL;
}

/** What one call of several (pages) has of its own. */
export interface Call {
  readonly url: URL;
  readonly idempotencyKey: string | undefined;
}

const MOST_REDIRECTS = 10;
/** Headers that must not follow a redirect to another host. */
const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];

/** Connections are kept open between the calls of this thread. */
const agents = {
  open: new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } }),
  restricted: new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0, lookup: publicLookup } }),
};

/** Sends one request, follows redirects, and reads the answer; a status of 400 or more is refused with its type of error. */
export async function send(settings: RequestSettings, call: Call, task: Task, signal: AbortSignal): Promise<Answer> {
  let { url } = call;
  let method = settings.method;
  let body = settings.body;
  const headers = new Map(settings.headers);
  if (call.idempotencyKey !== undefined) headers.set("idempotency-key", call.idempotencyKey);
  takeUserInfo(url, headers);
  for (let redirects = 0; ; redirects++) {
    const answer = await sendOnce(settings, { url, method, headers, body }, task, signal);
    const to = settings.followRedirects ? redirectOf(answer, url) : undefined;
    if (to === undefined) return checked(answer, method);
    if (redirects === MOST_REDIRECTS) {
      refuse({
        type: "connection_error",
        message: `${words(method, call.url)} was redirected more than ${MOST_REDIRECTS} times.`,
      });
    }
    if (to.host !== url.host) for (const name of [...CREDENTIALS, ...settings.credentialHeaders]) headers.delete(name);
    if (answer.status === 303 || ((answer.status === 301 || answer.status === 302) && method === "POST")) {
      if (method !== "HEAD") method = "GET";
      body = undefined;
      headers.delete("content-type");
    }
    url = to;
  }
}

interface Sending {
  readonly url: URL;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
}

async function sendOnce(settings: RequestSettings, sending: Sending, task: Task, signal: AbortSignal): Promise<Answer> {
  const where = words(sending.method, sending.url);
  const target = targetOf(sending.url, task.place.hosts);
  const guarded = settings.restricted && !target.redirected;
  try {
    if (guarded && isPrivateAddress(target.url.hostname.replace(/^\[|\]$/g, ""))) {
      throw new RefusedAddress(target.url.hostname);
    }
    const headers: { [name: string]: string } = {
      "accept-encoding": ACCEPTED_ENCODINGS,
      ...Object.fromEntries(sending.headers),
    };
    if (target.host !== undefined) headers["host"] = target.host;
    const response = await (guarded ? agents.restricted : agents.open).request({
      origin: target.url.origin,
      path: target.url.pathname + target.url.search,
      method: sending.method as Dispatcher.HttpMethod,
      headers,
      ...(sending.body === undefined ? {} : { body: sending.body }),
      signal,
    });
    const received = plainHeaders(response.headers);
    const bytes = await readBody(response.body, received["content-encoding"], settings.maxBytes, where);
    return { status: response.statusCode, headers: received, bytes, url: sending.url };
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    if (signal.aborted) throw signal.reason;
    const problem = problemOfCause(thrown, where);
    if (!problem) throw thrown;
    return refuse(problem);
  }
}

function takeUserInfo(url: URL, headers: Map<string, string>): void {
  if (url.username === "" && url.password === "") return;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  if (!headers.has("authorization"))
    headers.set("authorization", `Basic ${Buffer.from(pair, "utf8").toString("base64")}`);
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

function checked(answer: Answer, method: string): Answer {
  if (answer.status < 400) return answer;
  const wait = retryAfterMs(answer.headers["retry-after"], Date.now());
  const said = excerpt(answer.bytes);
  return refuse({
    type: typeOfStatus(answer.status),
    message: `${words(method, answer.url)} was answered with ${answer.status}${said === "" ? "" : `: ${said}`}`,
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
