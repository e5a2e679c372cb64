import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { arrayBuffer } from "node:stream/consumers";
import type { Ms } from "@shared/base/units";
import type { Exchange, Sent } from "./exchange";

/** A session that carries nothing is closed after this. */
const IDLE_MS: Ms = 10_000;
/** How long a server may take to answer a ping before it is believed to be gone. */
const PONG_MS: Ms = 2000;
/** Of one answer, and of all together, on its way before we have read it. */
const WINDOW = { stream: 1024 * 1024, session: 8 * 1024 * 1024 } as const;
/** What belongs to one connection of HTTP/1.1 and may not be sent (RFC 9113, 8.2.2). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** The server refused a request before it looked at it, or the session went before it was sent: it may be sent again. */
export class Unsent extends Error {
  override readonly name = "Unsent";
}

/** One connection that speaks HTTP/2 and carries many requests at once. */
export class Http2Session {
  readonly #session: ClientHttp2Session;
  #open = 0;
  #idle: NodeJS.Timeout | undefined;
  #asking = false;
  #silent = false;

  /**
   * @param over told once nothing more may be sent on it.
   * @param closed told once it is gone.
   */
  constructor(origin: string, socket: Socket, over: () => void, closed: () => void) {
    this.#session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW.stream },
    });
    // Each request that is under way is told of it by its own stream.
    this.#session.on("error", over);
    // A server that goes away in order finishes what it has begun; Node opens no further stream on it then.
    this.#session.on("goaway", over);
    this.#session.on("close", () => {
      clearTimeout(this.#idle);
      over();
      closed();
    });
    this.#session.once("connect", () => this.#session.setLocalWindowSize(WINDOW.session));
    this.#rest();
  }

  /** Whether a request may be sent on it. */
  get isUsable(): boolean {
    return !this.#session.closed && !this.#session.destroyed && !this.#silent;
  }

  /** Sends a request and gives its answer as soon as that begins. An abort ends this one alone. */
  request({ path, method, headers, body, signal }: Sent, authority: string): Promise<Exchange> {
    const stream = this.#stream(
      {
        ...ownHeaders(headers),
        ":method": method,
        ":path": path,
        ":scheme": "https",
        ":authority": authority,
      },
      { endStream: body === undefined, signal },
    );
    this.#began(stream);
    let hasAnswered = false;
    const doubt = (): void => void (hasAnswered || this.#ask());
    signal.addEventListener("abort", doubt, { once: true });
    stream.once("close", () => signal.removeEventListener("abort", doubt));
    const answer = new Promise<Exchange>((resolve, reject) => {
      stream.once("response", (got) => {
        hasAnswered = true;
        const { ":status": statusCode = 0, ...rest } = got;
        const withBuffer = Object.assign(stream, { arrayBuffer: () => arrayBuffer(stream) });
        resolve({ statusCode, headers: rest, body: withBuffer });
      });
      stream.once("error", (error) => reject(isRefused(stream) ? new Unsent("refused", { cause: error }) : error));
      stream.once("close", () => {
        if (!hasAnswered) reject(Object.assign(new Error("closed before an answer"), { code: "ECONNRESET" }));
      });
    });
    if (typeof body === "string") stream.end(body);
    // What goes wrong with the body ends the stream, which tells of it.
    else if (body !== undefined) pipeline(body, stream, () => undefined);
    return answer;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#session.destroy();
  }

  #stream(...given: Parameters<ClientHttp2Session["request"]>): ClientHttp2Stream {
    try {
      return this.#session.request(...given);
    } catch (error) {
      if (this.isUsable) throw error;
      throw new Unsent("the session is over", { cause: error });
    }
  }

  #began(stream: ClientHttp2Stream): void {
    this.#open += 1;
    clearTimeout(this.#idle);
    if (this.#open === 1) this.#session.ref();
    stream.once("close", () => {
      this.#open -= 1;
      if (this.#open === 0) this.#rest();
    });
  }

  #rest(): void {
    this.#session.unref();
    if (this.#session.destroyed) return;
    // Who does not answer does not say goodbye either.
    this.#idle = setTimeout(() => (this.#silent ? this.close() : this.#session.close()), IDLE_MS).unref();
  }

  /** Somebody waited in vain: a server that does not even answer a ping gets no further requests on this connection. */
  #ask(): void {
    if (this.#asking || !this.isUsable) return;
    this.#asking = true;
    const late = setTimeout(() => (this.#silent = true), PONG_MS).unref();
    const answered = (error: Error | null): void => {
      clearTimeout(late);
      this.#asking = false;
      if (error !== null) this.#silent = true;
    };
    if (!this.#session.ping(answered)) answered(new Error("no ping"));
  }
}

function isRefused(stream: ClientHttp2Stream): boolean {
  return stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
}

function ownHeaders(headers: Sent["headers"]): Sent["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase())));
}
