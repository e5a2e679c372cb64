import { createServer, request as forward, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A forward proxy on loopback that remembers what went through it; with `credentials` (`name:password`) it asks for them. */
export class ProxyServer {
  /** `GET http://host/path` for what was passed on, `CONNECT host:port` for tunnels. */
  readonly passed: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly credentials: string | undefined,
  ) {
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    server.on("request", (request, response) => {
      if (!this.admits(request.headers["proxy-authorization"])) return void response.writeHead(407).end();
      this.passed.push(`${request.method} ${request.url}`);
      const { "proxy-authorization": _own, ...headers } = request.headers;
      const options = { method: request.method, headers } as const;
      const onward = forward(request.url ?? "", options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.writeHead(502).end());
      request.pipe(onward);
    });
    server.on("connect", (request, socket) => {
      if (!this.admits(request.headers["proxy-authorization"]))
        return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      this.passed.push(`CONNECT ${request.url}`);
      const [host = "", port] = (request.url ?? "").split(":");
      const onward = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
      this.sockets.add(onward);
    });
  }

  static async start(credentials?: string): Promise<ProxyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ProxyServer(server, credentials);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private admits(given: string | undefined): boolean {
    if (this.credentials === undefined) return true;
    return given === `Basic ${Buffer.from(this.credentials).toString("base64")}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
