import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

/** What the server was sent, up to the end of the headers. */
export interface Heard {
  readonly path: string;
  readonly head: string;
}

const JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const packed = gzipSync(JSON.stringify({ text: "x".repeat(20_000) }));

/**
 * A server that breaks HTTP on purpose, byte by byte, on loopback:
 *
 * `/stall` never answers, `/stall-headers` stops within the headers, `/stall-body` within the body; `/reset` resets at once,
 * `/reset-body` in the middle; `/bad-chunk` and `/cut-chunk` cut the body wrongly; `/short` and `/long` are not as long as they
 * say; `/lying-gzip` is no gzip, `/cut-gzip` breaks off inside; `/drip` sends a byte at a time, `/endless` never ends; `/headers`
 * has too many; `/nonsense` is no HTTP; `/no-json` says it is JSON; `/to/URL` redirects there, `/again/URL` with the same method and body, `/closes` closes after the answer.
 */
export class MisbehavingServer {
  readonly heard: Heard[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(private readonly server: Server) {
    server.on("connection", (socket) => this.serve(socket));
  }

  static async start(): Promise<MisbehavingServer> {
    const server = createServer();
    const one = new MisbehavingServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return one;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.sockets.size;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    // Clients go away in the middle: that is what they are to do.
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = text.slice(0, end);
      text = "";
      const path = head.split(" ", 2)[1] ?? "/";
      this.heard.push({ path, head });
      this.answer(path, socket);
    });
  }

  private answer(path: string, socket: Socket): void {
    if (path.startsWith("/to/")) {
      const to = decodeURIComponent(path.slice("/to/".length));
      return void socket.write(`HTTP/1.1 302 Found\r\nlocation: ${to}\r\ncontent-length: 0\r\n\r\n`);
    }
    if (path.startsWith("/again/")) {
      const to = decodeURIComponent(path.slice("/again/".length));
      const head = `HTTP/1.1 307 Temporary Redirect\r\nlocation: ${to}\r\n`;
      return void socket.end(`${head}content-length: 0\r\nconnection: close\r\n\r\n`);
    }
    switch (path) {
      case "/stall":
        return;
      case "/stall-headers":
        return void socket.write("HTTP/1.1 200 OK\r\ncontent-ty");
      case "/stall-body":
        return void socket.write(`${JSON_HEAD}content-length: 100\r\n\r\n{"a":`);
      case "/stall-error":
        return void socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\n{"why":"busy');
      case "/reset":
        return void socket.resetAndDestroy();
      case "/reset-body":
        return void socket.write(`${JSON_HEAD}content-length: 100\r\n\r\n{"a":`, () => socket.resetAndDestroy());
      case "/bad-chunk":
        return void socket.write(`${JSON_HEAD}transfer-encoding: chunked\r\n\r\nnot-a-length\r\n{}\r\n0\r\n\r\n`);
      case "/cut-chunk":
        return void socket.end(`${JSON_HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n`);
      case "/short":
        return void socket.end(`${JSON_HEAD}content-length: 100\r\n\r\n{"a":1}`);
      case "/long":
        return void socket.end(`${JSON_HEAD}content-length: 7\r\n\r\n{"a":1}HTTP/1.1 500 Smuggled\r\n\r\n`);
      case "/lying-gzip":
        return void socket.end(`${JSON_HEAD}content-encoding: gzip\r\ncontent-length: 7\r\n\r\n{"a":1}`);
      case "/cut-gzip": {
        const half = packed.subarray(0, packed.length >> 1);
        socket.write(`${JSON_HEAD}content-encoding: gzip\r\ncontent-length: ${half.length}\r\n\r\n`);
        return void socket.end(half);
      }
      case "/drip":
        socket.write(`${JSON_HEAD}content-length: 100000\r\n\r\n`);
        return this.every(20, () => socket.write(" "), socket);
      case "/endless":
        socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n");
        return this.every(1, () => socket.write("x".repeat(100_000)), socket);
      case "/headers":
        return void socket.end(`HTTP/1.1 200 OK\r\n${`x-many: ${"y".repeat(1000)}\r\n`.repeat(100)}\r\n`);
      case "/nonsense":
        return void socket.end("I do not speak HTTP\r\n\r\n");
      case "/no-json":
        return void socket.end(`${JSON_HEAD}content-length: 5\r\n\r\n{oops`);
      case "/no-body":
        return void socket.end(`${JSON_HEAD}content-length: 0\r\n\r\n`);
      default:
        return void socket.end(`${JSON_HEAD}content-length: 2\r\nconnection: close\r\n\r\n{}`);
    }
  }

  private every(ms: number, send: () => void, socket: Socket): void {
    const timer = setInterval(send, ms);
    this.timers.add(timer);
    socket.on("close", () => clearInterval(timer));
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
