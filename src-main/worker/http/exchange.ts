import type { Readable } from "node:stream";

/** A request as it goes over the wire. */
export interface Sent {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Readable;
  readonly signal: AbortSignal;
}

/** An answer whose body is on its way. */
export interface Exchange {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Readable & { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Sends requests. */
export interface Sender {
  request(sent: Sent): Promise<Exchange>;
}
