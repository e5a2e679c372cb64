import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve, type Served } from "./fixture";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port: served.server.port, path, headers, setHost: !("Host" in headers) },
      (answer) => {
        let body = "";
        answer.on("data", (data: Buffer) => (body += data.toString()));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

/** The status line that an attempt to open a socket is answered with. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = {
      Host: `127.0.0.1:${served.server.port}`,
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
      ...headers,
    };
    const socket = connect(served.server.port, "127.0.0.1", () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\n${Object.entries(all)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("")}\r\n`,
      ),
    );
    socket.once("data", (data) => {
      resolve(data.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

const tokenPath = () => `/rpc${new URL(served.server.address).search}`;

describe("the socket", () => {
  it("opens for the host's own page with the token", async () => {
    expect(await upgrade(tokenPath(), { Origin: served.server.origin })).toContain("101");
  });
  it.each([
    ["without a token", "/rpc"],
    ["with an empty token", "/rpc?token="],
    ["with a wrong token", "/rpc?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  ])("stays shut %s", async (_name, path) => {
    expect(await upgrade(path)).toContain("401");
  });
  it("stays shut for a page of another site that knows the token", async () => {
    expect(await upgrade(tokenPath(), { Origin: "https://evil.example" })).toContain("403");
    expect(await upgrade(tokenPath(), { Origin: "null" })).toContain("403");
  });
  it("stays shut under another host name, as after DNS rebinding", async () => {
    expect(
      await upgrade(tokenPath(), {
        Host: `evil.example:${served.server.port}`,
        Origin: `http://evil.example:${served.server.port}`,
      }),
    ).toContain("421");
  });
  it("is at /rpc only", async () => {
    expect(await upgrade(tokenPath().replace("/rpc", "/other"))).toContain("404");
  });
  it.each(["text", "bytes"])("closes on a message whose values would fill the memory (%s)", async (kind) => {
    const { socket } = await served.connect();
    const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
    const text = `{"i":"1","p":{"u":"/executions/start","b":{"json":[${"{},".repeat(8_000_000)}{}]}}}`;
    socket.send(kind === "text" ? text : new TextEncoder().encode(text));
    const { code, reason } = await closed;
    expect([code, reason]).toEqual([1009, "The values of this message would take too much memory."]);
    const { client } = await served.connect();
    expect(await client.workflows.list({})).toEqual([]);
  });
});

describe("the page", () => {
  it("needs no token, is not kept, and may load only what is the host's", async () => {
    const { status, headers, body } = await get("/");
    expect([status, headers["cache-control"], headers["content-type"]]).toEqual([
      200,
      "no-store",
      "text/html; charset=utf-8",
    ]);
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(body).not.toContain(new URL(served.server.address).searchParams.get("token"));
  });
  it("keeps assets whose names carry a digest", async () => {
    expect((await get("/assets/index-abc.js")).headers["cache-control"]).toContain("immutable");
  });
  it("is refused under another host name", async () => {
    expect((await get("/", { Host: "evil.example" })).status).toBe(421);
  });
  it.each([
    "/../secret.json",
    "/%2e%2e/secret.json",
    "/..%2fsecret.json",
    "/assets/..%5c..%5csecret.json",
    "/%00",
    "/%",
    "/assets",
    "/nothing.js",
    "//etc/passwd",
    "/index.html/x.html",
  ])("has no %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
  it("has no stack traces and no framework names in its answers", async () => {
    const { headers, body } = await get("/nothing.js");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(body).toBe("There is no such file.\n");
  });
});

it("listens on loopback only", async () => {
  const { networkInterfaces } = await import("node:os");
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && !address.internal && address.family === "IPv4");
  for (const other of others) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: other!.address, port: served.server.port, timeout: 1000 }, () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("timeout", () => resolve(false));
    });
    expect(reached).toBe(false);
  }
});
