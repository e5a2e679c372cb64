import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server got it. */
export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server on loopback that answers as `answer` says and remembers what it got. */
export class TestServer {
  readonly got: Got[] = [];
  #server: Server;

  private constructor(
    readonly url: string,
    server: Server,
    got: Got[],
  ) {
    this.#server = server;
    this.got = got;
  }

  static async start(
    answer: (got: Got, response: ServerResponse, request: IncomingMessage) => void,
  ): Promise<TestServer> {
    const got: Got[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const one: Got = {
          method: request.method ?? "",
          url: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        };
        got.push(one);
        answer(one, response, request);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TestServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, got);
  }

  /** The last request. */
  get last(): Got {
    return this.got[this.got.length - 1]!;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: { [name: string]: string } = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}
