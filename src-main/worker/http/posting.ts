import type { JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import type { ClientCredentials } from "./auth";
import type { RequestBody } from "./request-body";
import { addIdentity, derivedFrom, type RequestSettings } from "./settings";

/** Where a message of the studio's own goes: a capability, a webhook. The workspace named the place. */
export interface Place {
  readonly url: URL;
  /** What messages call it, where its address is a secret. */
  readonly name?: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly credentialHeaders: readonly string[];
  readonly oauth?: ClientCredentials;
}

/** A POST of `body` as JSON. */
export function postingOf(task: Task, place: Place, body: JsonObject, timeoutMs: number): RequestSettings {
  const text = JSON.stringify(body);
  const headers = new Map([...place.headers, ["content-type", "application/json"]]);
  addIdentity(headers, task);
  const sent: RequestBody = { bytes: Buffer.byteLength(text), contentType: "application/json", open: () => text };
  return {
    url: place.url,
    method: "POST",
    ...(place.name === undefined ? {} : { name: place.name }),
    headers,
    credentialHeaders: place.credentialHeaders,
    ...(place.oauth ? { oauth: place.oauth } : {}),
    body: sent,
    timeoutMs,
    followRedirects: true,
    responseType: "auto",
    maxBytes: MOST_BYTES,
    restricted: task.networkPolicy === "restricted",
    ownOrigin: place.url.origin,
    network: task.services?.network ?? {},
    hosts: task.place.hosts,
    derived: derivedFrom(task.sensitive, [...headers.values()]),
  };
}

const MOST_BYTES = 64 * 1024 * 1024;
