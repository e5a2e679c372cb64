import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Connection } from "@shared/execution/effect";
import { authority } from "../servers/certificate";
import { MailServer } from "../servers/smtp";
import { json, TestServer } from "./http-server";
import { errorOf, perform, taskOf } from "./task";

let web: TestServer;
let mail: MailServer;
let channels: { [name: string]: Connection };
beforeAll(async () => {
  mail = await MailServer.start();
  web = await TestServer.start((got, response) => {
    if (got.url === "/stall") return;
    return got.url.startsWith("/down") ? json(response, { no: true }, 503) : json(response, { ok: true });
  });
  const smtp = { host: "127.0.0.1", port: mail.port, from: "apg@example.com", ca: authority };
  const all: readonly Connection[] = [
    { name: "office", kind: "smtp", settings: { ...smtp, recipients: ["ops@example.com"] } },
    { name: "nobody", kind: "smtp", settings: smtp },
    {
      name: "team",
      kind: "slack",
      settings: { url: `${web.url}/slack/T0/key`, channel: "#ops", username: "APG", mentions: ["@channel", "U123"] },
    },
    {
      name: "hook",
      kind: "webhook",
      settings: { url: `${web.url}/hook`, headers: { "X-Own": "1" }, secret: "s3cret" },
    },
    { name: "plain", kind: "webhook", settings: { url: `${web.url}/plain` } },
    { name: "down", kind: "webhook", settings: { url: `${web.url}/down/with-a-key` } },
    { name: "stall", kind: "webhook", settings: { url: `${web.url}/stall` } },
    { name: "shop", kind: "http", settings: { base_url: web.url } },
  ];
  channels = Object.fromEntries(all.map((one) => [one.name, one]));
});
afterAll(async () => {
  await web.close();
  await mail.close();
});
beforeEach(() => void (web.got.length = 0));

const told = (config: JsonObject) =>
  perform(taskOf("notify", { message: "Disk is full", ...config }, null, { services: { channels } }));
const refused = (config: JsonObject) =>
  errorOf("notify", { message: "Disk is full", ...config }, null, { services: { channels } });

describe("notify", () => {
  it("hands what the desktop is to show back to the host", async () => {
    expect(await told({ level: "warning", title: "Ops" })).toMatchObject({
      kind: "completed",
      output: null,
      notices: [{ level: "warning", title: "Ops", message: "Disk is full" }],
    });
    expect(await told({ channels: ["plain"] })).not.toHaveProperty("notices");
  });

  it("writes to a mail connection's recipients, or to whom the component says", async () => {
    await told({ channels: ["office"], title: "Ops" });
    expect(mail.last).toMatchObject({ to: ["ops@example.com"], mail: { subject: "Ops" } });
    await told({ channels: ["nobody"], to: "bo@example.com" });
    expect(mail.last.to).toEqual(["bo@example.com"]);
    expect(mail.last.mail.subject).toBe("sample: step");
    expect(await refused({ channels: ["nobody"] })).toMatchObject({ type: "validation_error", place: "config.to" });
  });

  it("posts to Slack, and no text from outside mentions anybody", async () => {
    await told({ channels: ["team"], level: "error", title: "Ops", message: "<!everyone> & co" });
    expect(JSON.parse(web.last.body)).toEqual({
      text: "<!channel> <@U123> *Error: Ops*\n&lt;!everyone&gt; &amp; co",
      channel: "#ops",
      username: "APG",
    });
  });

  it("posts to a webhook, signed with its secret", async () => {
    await told({ channels: ["hook"], title: "Ops" });
    const { headers, body } = web.last;
    const timestamp = String(headers["x-signature-timestamp"]);
    const digest = createHmac("sha256", "s3cret").update(`${timestamp}.${body}`).digest("hex");
    expect(headers).toMatchObject({
      "x-signature-256": `sha256=${digest}`,
      "x-own": "1",
      "idempotency-key": "01kaexecution0000000000000/step/hook",
      "x-correlation-id": "corr-1",
    });
    expect(JSON.parse(body)).toEqual({
      id: "01kaexecution0000000000000/step/hook",
      level: "info",
      title: "Ops",
      message: "Disk is full",
      workflow_id: "sample",
      execution_id: "01kaexecution0000000000000",
      component: "step",
      correlation_id: "corr-1",
      sent_at: expect.any(String) as string,
    });
    await told({ channels: ["plain"] });
    expect(web.last.headers).not.toHaveProperty("x-signature-256");
  });

  it("tells each channel that failed, and fails where nobody was told", async () => {
    expect(await told({ channels: ["desktop", "down", "plain", "unknown"] })).toMatchObject({
      kind: "completed",
      facts: "desktop, plain",
      warnings: [
        expect.stringContaining("down was not told: The webhook down was answered with 503") as string,
        expect.stringContaining("unknown was not told: The workspace has no connection called unknown") as string,
      ],
    });
    const error = await refused({ channels: ["down", "shop"] });
    expect(error).toMatchObject({ type: "server_error" });
    expect(error.message).toMatch(/^Nobody was told\. down: .*503.* shop: .*which is no channel/);
    expect(error.message).not.toContain("with-a-key");
  });

  it("does not hold back the others for one that stalls", async () => {
    expect(await told({ channels: ["stall", "plain"], timeout: 0.2 })).toMatchObject({
      kind: "completed",
      facts: "plain",
      warnings: ["stall was not told: It took longer than 0.2 s."],
    });
    expect(await refused({ channels: ["stall"], timeout: 0.1 })).toMatchObject({ type: "timeout" });
  });

  it.each<JsonObject>([{ message: "" }, { level: "loud" }, { channels: [] }, { channels: 3 }, { to: "x" }])(
    "refuses %j",
    async (config) => {
      expect(await refused(config)).toMatchObject({ type: "validation_error" });
    },
  );
});
