import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { buildConnector, Dispatcher } from "undici";
import type { Exchange, Sender, Sent } from "./exchange";
import { Http2Session, Unsent } from "./http2-session";
import { Plain } from "./plain";

/** Origins whose protocol is remembered. */
const KEPT = 1000;
/** How often a request that a server has not looked at goes over another connection. */
const MOST_TRIES = 3;

type Connect = buildConnector.connector;

/** What is known of an origin: what it speaks, or that somebody is about to find out. */
type Known =
  | { readonly kind: "http/1.1" }
  | { readonly kind: "http/2" }
  | { readonly kind: "asking"; readonly done: Promise<void>; readonly tell: () => void };

/**
 * Requests over HTTPS: where a server speaks HTTP/2 all of them on one connection, else by `plain`, a connection for each at a time.
 *
 * The first request to an origin goes by `plain` and shows what it speaks; those that come meanwhile wait for that.
 */
export class Multiplexed implements Sender {
  readonly #known = new Map<string, Known>();
  readonly #sessions = new Map<string, Promise<Http2Session | undefined>>();
  readonly #open = new Set<Http2Session>();
  readonly #connect: Connect;
  readonly #plain: Plain;

  /** @param plainOver makes the dispatcher for everything else over the connector it is given. */
  constructor(connect: Connect, plainOver: (connect: Connect) => Dispatcher) {
    this.#connect = connect;
    this.#plain = new Plain(
      plainOver((options, callback) =>
        connect(options, (...[error, socket]) => {
          if (error !== null) return callback(error, null);
          if (options.protocol === "https:") this.#learn(`https://${options.host}`, socket);
          callback(null, socket);
        }),
      ),
    );
  }

  async request(sent: Sent): Promise<Exchange> {
    // Under another name than its own an origin may show another certificate.
    const isOwn = sent.origin.startsWith("https:") && sent.headers["host"] === undefined;
    if (!isOwn) return this.#plain.request(sent);
    for (;;) {
      const known = this.#known.get(sent.origin);
      if (known === undefined) return this.#first(sent);
      if (known.kind === "http/1.1") return this.#plain.request(sent);
      if (known.kind === "http/2") return this.#shared(sent);
      await unlessAborted(known.done, sent.signal);
    }
  }

  /** Ends every connection; what is under way fails. */
  async destroy(): Promise<void> {
    for (const session of this.#open) session.close();
    await this.#plain.destroy();
  }

  /** Opens nothing more; what is under way goes on. */
  async close(): Promise<void> {
    await this.#plain.close();
  }

  async #first(sent: Sent): Promise<Exchange> {
    const { origin } = sent;
    const { promise: done, resolve: tell } = Promise.withResolvers<void>();
    const asking: Known = { kind: "asking", done, tell };
    this.#remember(origin, asking);
    try {
      return await this.#plain.request(sent);
    } finally {
      // It came to no connection: whoever comes next finds out.
      if (this.#known.get(origin) === asking) this.#known.delete(origin);
      tell();
    }
  }

  #learn(origin: string, socket: Socket): void {
    const before = this.#known.get(origin);
    this.#remember(origin, { kind: (socket as TLSSocket).alpnProtocol === "h2" ? "http/2" : "http/1.1" });
    if (before?.kind === "asking") before.tell();
  }

  #remember(origin: string, known: Known): void {
    this.#known.delete(origin);
    this.#known.set(origin, known);
    const oldest = this.#known.size > KEPT ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  async #shared(sent: Sent): Promise<Exchange> {
    const { origin } = sent;
    const authority = new URL(origin).host;
    for (let tries = 1; ; tries++) {
      const session = await this.#session(origin, sent.signal);
      if (session === undefined) return this.#plain.request(sent);
      const used = this.#sessions.get(origin);
      try {
        return await session.request(sent, authority);
      } catch (error) {
        // A body that is a stream may have been read from; everything else goes over a fresh connection.
        const isWhole = sent.body === undefined || typeof sent.body === "string";
        if (!(error instanceof Unsent) || !isWhole || tries === MOST_TRIES)
          throw error instanceof Unsent ? error.cause : error;
        if (this.#sessions.get(origin) === used) this.#sessions.delete(origin);
      }
    }
  }

  /** The session to `origin`; none where it does not speak HTTP/2 any more. */
  async #session(origin: string, signal: AbortSignal): Promise<Http2Session | undefined> {
    const known = this.#sessions.get(origin);
    if (known !== undefined) {
      const session = await unlessAborted(known, signal);
      if (session === undefined || session.isUsable) return session;
      if (this.#sessions.get(origin) === known) this.#sessions.delete(origin);
      return this.#session(origin, signal);
    }
    const opening: Promise<Http2Session | undefined> = this.#opened(origin, () => drop());
    this.#sessions.set(origin, opening);
    const drop = (): void => void (this.#sessions.get(origin) === opening && this.#sessions.delete(origin));
    // Those who wait for it are told; the next one tries anew.
    opening.then((session) => session ?? drop(), drop);
    // A connection that does not come about is not waited for by those who come later.
    signal.addEventListener("abort", drop, { once: true });
    try {
      return await unlessAborted(opening, signal);
    } finally {
      signal.removeEventListener("abort", drop);
    }
  }

  /** @param over told once nothing more may be sent on it. */
  #opened(origin: string, over: () => void): Promise<Http2Session | undefined> {
    const { hostname, host, port } = new URL(origin);
    return new Promise((resolve, reject) =>
      this.#connect(
        { hostname: hostname.replace(/^\[|\]$/g, ""), host, port, protocol: "https:" },
        (...[error, socket]) => {
          if (error !== null) return reject(error);
          this.#learn(origin, socket);
          if ((socket as TLSSocket).alpnProtocol !== "h2") {
            socket.destroy();
            return resolve(undefined);
          }
          const session: Http2Session = new Http2Session(origin, socket, over, () => this.#open.delete(session));
          this.#open.add(session);
          resolve(session);
        },
      ),
    );
  }
}

/** What `promise` gives, unless `signal` aborts before. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
