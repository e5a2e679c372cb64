import Fastify, { type FastifyReply } from "fastify";
import { WebSocketServer } from "ws";
import { findAsset } from "./assets";
import { isOwnHost, refusalOf, type Refusal } from "./guard";
import { securityHeaders } from "./headers";
import { pacedSocket, type PacedSocket } from "./paced-socket";
import { newToken } from "./token";

/** Where the studio answers. */
export interface WebServer {
  readonly port: number;
  /** Without the token. */
  readonly origin: string;
  /** What a person opens: the page with its token. */
  readonly address: string;
  /** Ends every connection and stops listening. */
  readonly close: () => Promise<void>;
}

export interface WebServerOptions {
  /** The folder of the built window. */
  readonly renderer: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly token?: string;
  /** Called for each window that showed the token. */
  readonly connect: (socket: PacedSocket) => void;
}

const MAX_MESSAGE_BYTES = 160_000_000;
const REASONS: Readonly<Record<Refusal, string>> = {
  path: "404 Not Found",
  host: "421 Misdirected Request",
  origin: "403 Forbidden",
  token: "401 Unauthorized",
};

/** Serves the studio's page and socket to this machine only. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const token = options.token ?? newToken();
  let headers: Readonly<Record<string, string>> = {};
  const app = Fastify({
    logger: false,
    bodyLimit: 1024,
    forceCloseConnections: true,
    trustProxy: false,
    // An address that cannot be read is answered before any hook runs.
    frameworkErrors: (_error, _request, reply: FastifyReply) =>
      void reply.code(404).headers(headers).type("text/plain").send("There is no such file.\n"),
  });
  let port = options.port;

  app.addHook("onRequest", async (request, reply) => {
    void reply.headers(headers);
    if (!isOwnHost(request.headers.host, port))
      return reply.code(421).type("text/plain").send("This address is not the studio's.\n");
    return undefined;
  });
  app.get("/*", async (request, reply) => {
    const asset = await findAsset(options.renderer, request.url.split("?", 1)[0] ?? "/");
    if (asset === undefined) return reply.code(404).type("text/plain").send("There is no such file.\n");
    return reply
      .type(asset.type)
      .header("content-length", asset.bytes)
      .header("cache-control", asset.immutable ? "public, max-age=31536000, immutable" : "no-store")
      .send(request.method === "HEAD" ? undefined : asset.open());
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  app.server.on("upgrade", (request, stream, head) => {
    // A client that goes away while it is refused or greeted is no concern of the host.
    stream.on("error", () => stream.destroy());
    const refusal = refusalOf(request, port, token);
    if (refusal !== undefined) {
      stream.end(`HTTP/1.1 ${REASONS[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => options.connect(pacedSocket(socket)));
  });

  await app.listen({ host: "127.0.0.1", port: options.port });
  const listening = app.server.address();
  port = typeof listening === "object" && listening !== null ? listening.port : options.port;
  headers = securityHeaders(port);
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    address: `${origin}/?token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await app.close();
    },
  };
}
