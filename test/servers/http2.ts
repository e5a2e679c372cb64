import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type SecureServerOptions,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { brotliCompressSync } from "node:zlib";
import { certificate } from "./certificate";

/** A server on loopback that offers HTTP/2 and, to clients that do not speak it, HTTP/1.1. It tells what it got, as JSON. */
export class Http2Server {
  /** How many connections were opened. */
  sessions = 0;
  /** Paths of all requests, as often as they came. */
  readonly heard: string[] = [];
  /** Requests that wait for {@link release}, `/held…`. */
  readonly held: (() => void)[] = [];
  /** The most requests that were under way on one connection at once. */
  most = 0;
  /** How many requests were broken off by the client. */
  aborted = 0;
  private readonly open = new Set<ServerHttp2Session>();
  private readonly streams = new Map<object, number>();

  private constructor(private readonly server: Http2SecureServer) {
    server.on("session", (session) => {
      this.sessions += 1;
      this.open.add(session);
      session.on("close", () => this.open.delete(session));
    });
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { url = "/", httpVersion: version, method, headers } = request;
        this.heard.push(url);
        if (url.startsWith("/held")) return this.hold(response as Http2ServerResponse, url);
        if (url === "/large") return void response.end(Buffer.alloc(8_000_000, "x"));
        if (url === "/stall") return;
        if (url === "/reset") return void ("close" in response.stream ? response.stream.close(2) : undefined);
        if (url === "/gone") return void response.writeHead(404).end('{"why":"gone"}');
        const told = { version, method, url, headers: plain(headers), body: Buffer.concat(chunks).toString("utf8") };
        const text = JSON.stringify(told);
        if (url !== "/packed") return void response.writeHead(200, { "content-type": "application/json" }).end(text);
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "br" });
        response.end(brotliCompressSync(text));
      });
    });
  }

  private hold(response: Http2ServerResponse, url: string): void {
    const session: object = response.stream.session ?? this;
    const count = (this.streams.get(session) ?? 0) + 1;
    this.streams.set(session, count);
    this.most = Math.max(this.most, count);
    response.stream.once("aborted", () => (this.aborted += 1));
    response.stream.once("close", () => this.streams.set(session, (this.streams.get(session) ?? 1) - 1));
    this.held.push(() => void (response.stream.destroyed || response.end(JSON.stringify({ url }))));
  }

  /** Answers all that is held. */
  release(): void {
    for (const answer of this.held.splice(0)) answer();
  }

  /** From here on each connection takes `count` requests and then goes away in order, as many servers do. */
  endAfter(count: number): void {
    const taken = new Map<object, number>();
    this.server.on("request", (request) => {
      const session = request.stream.session;
      if (session === undefined) return;
      taken.set(session, (taken.get(session) ?? 0) + 1);
      if (taken.get(session) === count) session.goaway(0, request.stream.id ?? 0);
    });
  }

  /** Says on every connection that no further request is taken; what is under way is finished. */
  goAway(): void {
    for (const session of this.open) session.goaway(0);
  }

  /** Breaks every connection off. */
  hangUp(): void {
    for (const session of this.open) session.destroy();
  }

  static async start(options: SecureServerOptions = {}): Promise<Http2Server> {
    const server = createSecureServer({ ...certificate, allowHTTP1: true, ...options });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Http2Server(server);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const session of this.open) session.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function plain(headers: object): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));
}
