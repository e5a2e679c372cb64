import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Connection, Outcome } from "@shared/execution/effect";
import { MisbehavingServer } from "../servers/misbehaving";
import { MailServer } from "../servers/smtp";
import { DATABASES, openTestDatabase } from "./databases";
import { TestServer } from "./http-server";
import { perform, taskOf, toolsOf } from "./task";

const tried = (connection: Connection): Promise<Outcome> =>
  perform(taskOf("connection_test", {}, null, { services: { connection } }), toolsOf());

describe.each(DATABASES)("a connection to $kind", ({ kind, installed }) => {
  describe.skipIf(!installed)("where it is installed", () => {
    it("says what answered, and what is wrong otherwise", async () => {
      const db = await openTestDatabase(kind);
      const ok = await perform(db.task("connection_test", {}));
      expect(ok).toMatchObject({
        kind: "completed",
        output: expect.stringMatching(/^(SQLite|PostgreSQL|MariaDB) [\d.]+.* answers\.$/),
      });
      if (kind === "sqlite") {
        expect(existsSync(join(db.folder, "shop.sqlite"))).toBe(true);
        return;
      }
      const wrong = (settings: object): Promise<Outcome> =>
        perform(
          db.task("connection_test", {}, null, {
            services: { connection: { ...db.connection, settings: { ...db.connection.settings, ...settings } } },
          }),
        );
      const refused = (type: string) => ({ kind: "failed", error: { type } });
      expect(await wrong({ password: "wrong" })).toMatchObject(refused("authentication_error"));
      expect(await wrong({ database: "missing" })).toMatchObject(refused("not_found"));
      expect(await wrong({ port: 1 })).toMatchObject(refused("connection_error"));
      expect(await wrong({ host: "no.such.host.invalid" })).toMatchObject(refused("connection_error"));
      expect(await wrong({ host: "" })).toMatchObject(refused("validation_error"));
      expect(await wrong({ host: "localhost", ssl: "verify" })).toMatchObject(refused("connection_error"));
    });
  });
});

describe("a connection to a server", () => {
  it("that says nothing is a timeout", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const base = { host: "127.0.0.1", port, database: "a", user: "a", connect_timeout: 0.1 };
    for (const kind of ["postgresql", "mysql"] as const)
      expect(await tried({ name: "shop", kind, settings: base })).toMatchObject({ error: { type: "timeout" } });
    silent.close();
  });

  it("over HTTP is asked for headers alone, with its sign-in", async () => {
    const server = await TestServer.start((got, response) => {
      const status = got.headers.authorization === "Bearer good" ? (got.url === "/v1/" ? 200 : 404) : 401;
      response.writeHead(status).end();
    });
    const at = (path: string, token: string): Promise<Outcome> =>
      tried({
        name: "api",
        kind: "http",
        settings: { base_url: `${server.url}${path}`, auth: { type: "bearer", token } },
      });
    expect(await at("/v1/", "good")).toMatchObject({ kind: "completed", output: "It answers: 200 · 0 B." });
    expect(await at("/", "good")).toMatchObject({
      kind: "completed",
      output: expect.stringContaining("404") as string,
    });
    expect(await at("/v1/", "bad")).toMatchObject({ error: { type: "authentication_error" } });
    expect(server.got.map(({ method, body }) => method + body)).toEqual(["HEAD", "HEAD", "HEAD"]);
    await server.close();
    expect(await at("/v1/", "good")).toMatchObject({ error: { type: "connection_error" } });
  });

  it("that takes messages is reached, and nothing is sent", async () => {
    const server = await MisbehavingServer.start();
    const settings = { url: `${server.url}/hook` };
    expect(await tried({ name: "hook", kind: "webhook", settings })).toMatchObject({ kind: "completed" });
    expect(server.heard).toEqual([]);
    await server.close();
    expect(await tried({ name: "hook", kind: "slack", settings })).toMatchObject({
      error: { type: "connection_error" },
    });
  });

  it("for mail takes the sign-in or refuses it", async () => {
    const server = await MailServer.start();
    const settings = { host: "127.0.0.1", port: server.port, from: "shop@example.com", user: "ann", verify: false };
    expect(await tried({ name: "mail", kind: "smtp", settings: { ...settings, password: "pw" } })).toMatchObject({
      kind: "completed",
    });
    expect(await tried({ name: "mail", kind: "smtp", settings: { ...settings, password: "no" } })).toMatchObject({
      error: { type: "authentication_error" },
    });
    await server.close();
  });
});
