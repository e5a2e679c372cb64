import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { authority } from "../servers/certificate";
import { MailServer } from "../servers/smtp";
import { errorOf, folder, outputOf, perform, taskOf, toolsOf } from "./task";

let server: MailServer;
beforeAll(async () => void (server = await MailServer.start()));
afterAll(() => server.close());

const through = (settings: JsonObject = {}, more: Partial<Task> = {}): Partial<Task> => ({
  ...more,
  services: {
    connection: {
      name: "office",
      kind: "smtp",
      settings: { host: "127.0.0.1", port: server.port, from: "Shop <shop@example.com>", ca: authority, ...settings },
    },
  },
});
const plain = { to: "ann@example.org", subject: "Hello", body: "Text" };
const sent = (config: JsonObject, settings: JsonObject = {}, more: Partial<Task> = {}) =>
  outputOf("email", { ...plain, ...config }, null, through(settings, more));
const refused = (config: JsonObject, settings: JsonObject = {}, more: Partial<Task> = {}) =>
  errorOf("email", { ...plain, ...config }, null, through(settings, more));

describe("email", () => {
  it("sends text and HTML, over STARTTLS where it is offered", async () => {
    const output = await sent({ subject: "Grüße", html: "<b>Text</b>" });
    expect(output).toEqual({
      message_id: expect.stringMatching(/^<[0-9a-f]{40}@example\.com>$/) as string,
      accepted: ["ann@example.org"],
      rejected: [],
    });
    const { mail, secure, from } = server.last;
    expect({ from, secure, subject: mail.subject, text: mail.text?.trim(), html: mail.html }).toEqual({
      from: "shop@example.com",
      secure: true,
      subject: "Grüße",
      text: "Text",
      html: "<b>Text</b>",
    });
  });

  it("goes to all of to, cc and bcc, and hides the last", async () => {
    await sent({
      to: ["ann@example.org", "Bo <bo@example.org>"],
      cc: "cy@example.org",
      bcc: ["di@example.org"],
      reply_to: "ed@example.org",
      from: "fay@example.net",
    });
    const { mail, to, from, raw } = server.last;
    expect(to).toEqual(["ann@example.org", "bo@example.org", "cy@example.org", "di@example.org"]);
    expect(from).toBe("fay@example.net");
    expect(mail.replyTo?.text).toBe("ed@example.org");
    expect(raw).not.toContain("di@example.org");
  });

  it("attaches files the workflow may read, and content", async () => {
    const home = folder();
    mkdirSync(join(home, "out"));
    writeFileSync(join(home, "out", "report.csv"), "a,b\n1,2\n");
    const place = { folder: home, allowed: [], hosts: {}, trusted: false, scratch: home };
    await sent(
      {
        attachments: [
          "out/report.csv",
          { path: "out/report.csv", name: "again.txt", content_type: "text/plain" },
          { name: "note.json", content: { n: 1 }, content_type: "application/json" },
          { name: "bytes.bin", content: "AP8B", encoding: "base64" },
        ],
      },
      {},
      { place },
    );
    const parts = server.last.mail.attachments.map(({ filename, contentType, content }) => [
      filename,
      contentType,
      content.toString("hex"),
    ]);
    const csv = Buffer.from("a,b\n1,2\n").toString("hex");
    expect(parts).toEqual([
      ["report.csv", "text/csv", csv],
      ["again.txt", "text/plain", csv],
      ["note.json", "application/json", Buffer.from('{"n":1}').toString("hex")],
      ["bytes.bin", "application/octet-stream", "00ff01"],
    ]);
    expect(await refused({ attachments: ["../secret.txt"] }, {}, { place })).toMatchObject({
      type: "authorization_error",
      place: "config.attachments[0]",
    });
    expect(await refused({ attachments: ["missing.txt"] }, {}, { place })).toMatchObject({ type: "not_found" });
    expect(await refused({ attachments: [{ name: "x" }] }, {}, { place })).toMatchObject({ type: "validation_error" });
  });

  it("has one message id over the attempts of one key", async () => {
    const first = (await sent({})) as JsonObject;
    const again = (await sent({}, {}, { attempt: 2 })) as JsonObject;
    const other = (await sent({}, {}, { key: "another/key" })) as JsonObject;
    expect(again["message_id"]).toBe(first["message_id"]);
    expect(other["message_id"]).not.toBe(first["message_id"]);
    expect(server.last.mail.messageId).toBe(other["message_id"]);
  });

  it("signs in with the connection's name and password", async () => {
    await sent({}, { user: "ann", password: "pw" });
    expect(server.last.user).toBe("ann");
    expect(await refused({}, { user: "ann", password: "wrong" })).toMatchObject({
      type: "authentication_error",
      message: expect.stringContaining("535") as string,
    });
  });

  it("completes with a warning where only some are refused, and fails with who where all are", async () => {
    const outcome = await perform(
      taskOf("email", { ...plain, to: ["ann@example.org", "nobody@example.org"] }, null, through()),
    );
    expect(outcome).toMatchObject({
      kind: "completed",
      output: { accepted: ["ann@example.org"], rejected: ["nobody@example.org"] },
      warnings: ["nobody@example.org was refused: 550 5.1.1 No such user."],
    });
    expect(await refused({ to: ["nobody@example.org", "nobody2@example.org"] })).toMatchObject({
      type: "bad_request",
      message: expect.stringMatching(/nobody@example\.org \(550 .*nobody2@example\.org \(550/) as string,
    });
    expect(await refused({ to: "later@example.org" })).toMatchObject({ type: "server_error" });
  });

  it("tells failures to connect apart", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => free.once("listening", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(await refused({}, { port })).toMatchObject({ type: "connection_error" });
    expect(await refused({}, { host: "nobody.invalid" })).toMatchObject({ type: "connection_error" });
    expect(await refused({}, { ca: undefined })).toMatchObject({ type: "connection_error" });
    expect(await sent({}, { ca: undefined, verify: false })).toMatchObject({ accepted: ["ann@example.org"] });
  });

  it("insists on TLS where the connection does, and speaks it from the start where it says so", async () => {
    const bare = await MailServer.start({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
    expect(await refused({}, { port: bare.port, require_tls: true })).toMatchObject({ type: "connection_error" });
    await sent({}, { port: bare.port });
    expect(bare.last.secure).toBe(false);
    await bare.close();
    const secure = await MailServer.start({ secure: true });
    await sent({}, { port: secure.port, secure: true });
    expect(secure.last.secure).toBe(true);
    await secure.close();
  });

  it("times out and is cancelled when the server stalls", async () => {
    const stalling = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => stalling.once("listening", resolve));
    const { port } = stalling.address() as AddressInfo;
    expect(await refused({ timeout: 0.1 }, { port })).toMatchObject({ type: "timeout", place: "config.timeout" });
    expect(await refused({}, { port, connect_timeout: 0.1 })).toMatchObject({ type: "timeout" });
    const controller = new AbortController();
    const outcome = perform(taskOf("email", plain, null, through({ port })), toolsOf([], controller.signal));
    controller.abort();
    expect(await outcome).toMatchObject({ kind: "failed", error: { type: "cancelled" } });
    await new Promise((resolve) => stalling.close(resolve));
  });

  it.each<[JsonObject, string]>([
    [{ to: "" }, "config.to"],
    [{ to: "ann" }, "config.to"],
    [{ cc: 3 }, "config.cc"],
    [{ attachments: "a.txt" }, "config.attachments"],
  ])("refuses %j", async (config, place) => {
    expect(await refused(config)).toMatchObject({ type: "validation_error", place });
  });

  it("says which connection is missing", async () => {
    expect(await errorOf("email", { ...plain, connection: "office" })).toMatchObject({
      type: "not_found",
      message: expect.stringContaining("called office. Add one under Connections") as string,
    });
  });
});
