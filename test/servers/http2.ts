import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { brotliCompressSync } from "node:zlib";
import { certificate } from "./certificate";

/** A server on loopback that offers HTTP/2 and, to clients that do not speak it, HTTP/1.1. It tells what it got, as JSON. */
export class Http2Server {
  /** How many connections were opened. */
  sessions = 0;
  private readonly open = new Set<ServerHttp2Session>();

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

  static async start(): Promise<Http2Server> {
    const server = createSecureServer({ ...certificate, allowHTTP1: true });
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
