import { createHmac } from "node:crypto";
import { request } from "node:http";
import { expect, it } from "vitest";
import { closed, FakeClock, freshFolder, hostOn, on, outputsOf, store } from "./kit";
import type { Host } from "../../src-main/compose/host";

const SIGNED =
  '  - {type: webhook, path: /hooks/orders, signature: {header: X-Hub-Signature-256, secret: "{{ secrets.HOOK_KEY }}"}}';

async function listening(triggers: string, id = "orders", clock?: FakeClock): Promise<{ host: Host; address: string }> {
  const host = hostOn(freshFolder(), clock);
  host.store.secrets.set({ HOOK_KEY: "planted-hook-key" });
  store(host, id, triggers);
  await host.begin();
  await on(host, id);
  return { host, address: host.rooms.triggers.list(id)[0]?.address ?? "" };
}

function post(address: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
}

function signed(body: string, key = "planted-hook-key"): Record<string, string> {
  return { "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` };
}

it("a signed request starts the workflow with what it says", async () => {
  const { host, address } = await listening(SIGNED);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/orders$/);
  const body = '{"order": {"id": 7}}';
  const answer = await post(`${address}?from=shop`, body, { ...signed(body), authorization: "Bearer planted-token" });
  expect(answer.status).toBe(202);
  const said = (await answer.json()) as { status: string; execution_id: string };
  expect(said.status).toBe("started");
  const [output] = await outputsOf(host, "orders", 1);
  expect(output?.input).toEqual({ order: { id: 7 } });
  expect(output?.event).toMatchObject({
    type: "webhook",
    method: "POST",
    path: "/hooks/orders",
    query: { from: "shop" },
    body: { order: { id: 7 } },
  });
  expect(JSON.stringify(output)).not.toMatch(/planted|sha256=/);
  expect(host.rooms.triggers.list("orders")[0]?.last).toMatchObject({
    outcome: "started",
    executionId: said.execution_id,
  });
});

it("a request whose signature is missing, wrong, or for another body starts nothing", async () => {
  const { host, address } = await listening(SIGNED);
  const answers = [
    await post(address, "{}"),
    await post(address, "{}", { "x-hub-signature-256": "sha256=00" }),
    await post(address, "{}", signed("{}", "another key")),
    await post(address, '{"a":1}', signed("{}")),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(await answers[0]?.json()).toEqual({ error: "The header x-hub-signature-256 with the signature is missing." });
  expect(await answers[3]?.json()).toEqual({ error: "The signature does not fit the body and the secret." });
  expect((await host.rooms.executions.list({ workflowId: "orders", from: 0, limit: 10 })).total).toBe(0);
});

it("a signed request that is sent again is refused, also after a restart", async () => {
  const folder = freshFolder();
  const first = hostOn(folder);
  first.store.secrets.set({ HOOK_KEY: "planted-hook-key" });
  store(first, "orders", SIGNED);
  await first.begin();
  await on(first, "orders");
  const address = first.rooms.triggers.list()[0]?.address ?? "";
  const taken = (await (await post(address, "{}", signed("{}"))).json()) as { execution_id: string };
  const replayed = await post(address, "{}", signed("{}"));
  expect(replayed.status).toBe(409);
  expect(await replayed.json()).toEqual({
    error: "This signed request was taken before.",
    execution_id: taken.execution_id,
  });
  await closed(first);
  const second = hostOn(folder);
  await second.begin();
  expect(second.rooms.triggers.list()[0]?.address).toBe(address);
  expect((await post(address, "{}", signed("{}"))).status).toBe(409);
  expect(await outputsOf(second, "orders", 1)).toHaveLength(1);
});

it("an old request is refused where the time of sending is signed", async () => {
  const clock = new FakeClock("2026-03-27T12:00:00Z");
  const signature = "{secret: k, header: X-Sig, timestamp_header: X-Time, tolerance_seconds: 60, prefix: v1=}";
  const { address } = await listening(`  - {type: webhook, path: timed, signature: ${signature}}`, "timed", clock);
  const at = (seconds: number): Record<string, string> => {
    const time = String(clock.now() / 1000 + seconds);
    return { "x-time": time, "x-sig": `v1=${createHmac("sha256", "k").update(`${time}.{}`).digest("hex")}` };
  };
  expect((await post(address, "{}", at(-61))).status).toBe(401);
  expect((await post(address, "{}", { ...at(-10), "x-time": String(clock.now() / 1000) })).status).toBe(401);
  expect((await post(address, "{}", at(-59))).status).toBe(202);
});

it("a caller that wants the end waits for it and gets the output, or the error", async () => {
  const { host, address } = await listening("  - {type: webhook, path: ask, response_mode: when_finished}", "ask");
  const answer = await post(address, '{"n": 3}');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: "completed", output: { input: { n: 3 } } });
  host.rooms.library.create(
    "id: fails\nversion: 1.0.0\ntriggers: [{type: webhook, path: fails, method: PUT, response_mode: when_finished}]\ncomponents:\n  - {id: stop, type: code, config: {source: \"throw new Error('no stock')\"}}\n",
    "yaml",
    "workspace",
  );
  await on(host, "fails");
  const failed = await fetch(address.replace("/ask", "/fails"), { method: "PUT" });
  expect(failed.status).toBe(500);
  expect(await failed.json()).toMatchObject({ status: "failed", error: { type: "component_error" } });
});

it("refuses a body whose values would fill the memory of the thread that serves everybody", async () => {
  const { address } = await listening("  - {type: webhook, path: in, max_body_bytes: 20000000}", "incoming");
  const refused = await post(address, `[${"{},".repeat(4_000_000)}{}]`);
  expect(refused.status).toBe(413);
  expect(await refused.json()).toEqual({
    error: "The values of a body may take 128 MB of memory; these would take more.",
  });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect((await post(address, "a&".repeat(5_000_000), form)).status).toBe(413);
});

it("takes a body that nests beyond reason for a fault of its sender", async () => {
  const { host, address } = await listening("  - {type: webhook, path: in, max_body_bytes: 20000000}", "incoming");
  const answer = await post(address, `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`);
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: "The lists and objects of a body may stand 500 deep in one another." },
  ]);
  expect((await post(address, "{}")).status).toBe(202);
  await outputsOf(host, "incoming", 1);
});

it("says what is wrong with a request", async () => {
  const { address } = await listening("  - {type: webhook, path: in, max_body_bytes: 10}", "incoming");
  const say = async (answer: Promise<Response>): Promise<unknown> => {
    const { status, ...rest } = { status: (await answer).status, body: await (await answer).json() };
    return [status, (rest.body as { error: string }).error];
  };
  expect(await say(fetch(address.replace("/in", "/out")))).toEqual([404, "No webhook that is on has the path /out."]);
  expect(await say(fetch(address))).toEqual([405, "/in takes POST, not GET."]);
  expect(await say(post(address, '"0123456789"'))).toEqual([413, "A body may have 10 bytes; this one has 12."]);
  expect(await say(post(address, "{no"))).toEqual([400, "The body is not the JSON its content type says."]);
  expect(await say(post(address, "{}", { origin: "https://evil.example" }))).toEqual([
    403,
    "A web page may not use a webhook without a signature.",
  ]);
});

it("without a signature, a request by another name than this machine's is refused", async () => {
  const { address } = await listening("  - {type: webhook, path: in, method: GET}", "incoming");
  const asked = await new Promise<number | undefined>((resolve, reject) => {
    request(address, { headers: { host: "rebound.example" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(asked).toBe(421);
  expect((await fetch(address)).status).toBe(202);
});

it("two webhooks cannot be on at one address", async () => {
  const { host } = await listening("  - {type: webhook, path: in}");
  store(host, "other", "  - {type: webhook, path: /in/}");
  expect(await host.rooms.triggers.enable("other", 0, true)).toEqual({
    ok: false,
    problem: { kind: "address-taken", address: "POST /in", workflowId: "orders" },
  });
});

it("what the workflow needs is made from the request, and a start that lacks it is refused", async () => {
  const { host, address } = await listening(
    '  - {type: webhook, path: in, parameters: {customer: "{{ event.body.customer }}"}, input: "{{ event.body.items }}"}\nparameters: {customer: {type: string}}',
  );
  expect((await post(address, '{"customer": "Amina", "items": [1, 2]}')).status).toBe(202);
  const [output] = await outputsOf(host, "orders", 1);
  expect(output?.input).toEqual([1, 2]);
  const lacking = await post(address, '{"items": []}');
  expect(lacking.status).toBe(422);
  expect(host.rooms.triggers.list()[0]?.last).toMatchObject({ outcome: "refused" });
  const wrong = await post(address, '{"customer": 7, "items": []}');
  expect(wrong.status).toBe(422);
});
