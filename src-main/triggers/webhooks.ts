import { createHash } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { setTimeout as sleep } from "node:timers/promises";
import { decoded } from "@shared/base/decoded";
import { withoutEnd } from "@shared/base/ends";
import type { Json } from "@shared/base/json";
import { jsonDepth, jsonWeight } from "@shared/base/json-weight";
import type { Bytes } from "@shared/base/units";
import type { WebhookTrigger } from "@shared/workflow/triggers/trigger";
import type { Directory } from "./directory";
import type { Brought, Fired, Fires } from "./fire";
import type { TriggersPorts } from "./ports";
import { verify } from "./verify";

type Reply = { readonly status: number; readonly body: Json };

const MOST_BYTES = 50_000_000;
/** What proves who somebody is has no place in an event. */
const PRIVATE = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

/** Listens on this machine for the requests that webhooks wait for, apart from the studio's own server. */
export class Webhooks {
  private app: FastifyInstance | undefined;
  private problem: string | undefined;
  private port = 0;

  constructor(
    private readonly ports: TriggersPorts,
    private readonly directory: Directory,
    private readonly fires: Fires,
  ) {}

  /** Why nothing can be heard, in a sentence. */
  get trouble(): string | undefined {
    return this.problem;
  }

  /** Listens while there is a webhook that is on. */
  async look(): Promise<void> {
    const wanted = this.directory.on("webhook").length > 0;
    if (!wanted) return this.close();
    const { webhookPort } = this.ports;
    if (this.app !== undefined && (webhookPort.get() === this.port || webhookPort.get() === 0)) return;
    await this.close();
    await this.listen(webhookPort.get());
  }

  private async listen(port: number): Promise<void> {
    const app = Fastify({ logger: false, bodyLimit: MOST_BYTES, forceCloseConnections: true, trustProxy: false });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error: { readonly statusCode?: number; readonly message: string }, _request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) this.ports.trouble(error);
      const message =
        status === 413 ? `A body may have ${MOST_BYTES} bytes.` : status >= 500 ? "The host failed." : error.message;
      return reply.code(status).send({ error: message });
    });
    app.all("/*", (request, reply) => this.answer(request, reply));
    try {
      await app.listen({ host: "127.0.0.1", port });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
      await app.close();
      this.problem = `Port ${port} for webhooks is ${code === "EACCES" ? "reserved by the system" : "in use by another program"}; set another one in the settings.`;
      return;
    }
    const address = app.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : port;
    this.problem = undefined;
    this.app = app;
    if (port === 0) this.ports.webhookPort.set(this.port);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { status, body } = await this.replyTo(request);
    return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
  }

  private async replyTo(request: FastifyRequest): Promise<Reply> {
    const [written = "/"] = request.url.split("?", 1);
    const path = withoutEnd(decoded(written) ?? written, "/") || "/";
    const there = this.directory.on("webhook").filter((hook) => hook.trigger.value.path === path);
    const known = there.find((hook) => hook.trigger.value.method === request.method);
    if (known === undefined) {
      const methods = there.map((hook) => hook.trigger.value.method).join(", ");
      if (there.length > 0) return refusal(405, `${path} takes ${methods}, not ${request.method}.`);
      return refusal(404, `No webhook that is on has the path ${path}.`);
    }
    const hook = known.trigger.value;
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (bytes.length > hook.maxBodyBytes)
      return refusal(413, `A body may have ${hook.maxBodyBytes} bytes; this one has ${bytes.length}.`);
    const proof = this.proof(hook, request, bytes);
    if ("status" in proof) return proof;
    const body = bodyOf(request.headers["content-type"], bytes);
    if (!body.ok) return body.refused;
    const fired = await this.fires.fire(known, brought(hook, request, path, proof.key, body.value));
    return this.said(hook, fired);
  }

  /** What makes this request one that fires: its proof, and the key it fires under. */
  private proof(hook: WebhookTrigger, request: FastifyRequest, bytes: Buffer): { readonly key: string } | Reply {
    const { signature } = hook;
    if (signature === undefined) {
      // Any page a person looks at could send a request here, under its own name too; only what a page cannot send counts.
      const site = request.headers["sec-fetch-site"];
      if (request.headers.origin !== undefined || (site !== undefined && site !== "none"))
        return refusal(403, "A web page may not use a webhook without a signature.");
      if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(request.headers.host ?? ""))
        return refusal(421, "Without a signature only requests to this machine's own address are taken.");
      return { key: `webhook/${this.ports.newId()}` };
    }
    const { secret } = signature;
    const text = "text" in secret ? secret.text : this.ports.secret(secret.name);
    if (text === undefined)
      return refusal(503, "The webhook's secret is not in the workspace; nothing can be proved without it.");
    const verified = verify(signature, text, request.headers, bytes, this.ports.clock.now());
    if (!verified.ok) return refusal(401, verified.message);
    if (signature.replay === "allow") return { key: `webhook/${this.ports.newId()}` };
    const address = createHash("sha256").update(request.url).digest("hex").slice(0, 16);
    return { key: `webhook/${verified.digest}/${address}` };
  }

  private async said(hook: WebhookTrigger, fired: Fired): Promise<Reply> {
    if (fired.kind === "duplicate") {
      const id = fired.executionId === undefined ? {} : { execution_id: fired.executionId };
      return { status: 409, body: { error: "This signed request was taken before.", ...id } };
    }
    const { outcome, executionId, message } = fired;
    if (outcome === "skipped") return { status: 200, body: { status: "skipped", message: message ?? "" } };
    if (outcome !== "started" && outcome !== "queued") return refusal(422, message ?? "It could not be started.");
    const closing = (error: unknown): undefined => {
      // The host goes, and the execution goes on with the next.
      if (this.app !== undefined) this.ports.trouble(error);
      return undefined;
    };
    const begun: Reply = { status: 202, body: { status: outcome, execution_id: executionId } };
    if (hook.responseMode === "immediately" || (outcome === "queued" && message !== undefined)) return begun;
    const waiting = new AbortController();
    const late = sleep(hook.responseTimeoutSeconds * 1000, undefined, { signal: waiting.signal, ref: false }).catch(
      () => undefined,
    );
    const end = await Promise.race([this.ports.settled(executionId).catch(closing), late]);
    waiting.abort();
    if (end === undefined) return { status: 202, body: { status: "running", execution_id: executionId } };
    const { status, output, error } = end;
    return error === undefined && status !== "cancelled"
      ? { status: 200, body: { status, execution_id: executionId, output } }
      : { status: 500, body: { status, execution_id: executionId, ...(error === undefined ? {} : { error }) } };
  }

  async close(): Promise<void> {
    const { app } = this;
    this.app = undefined;
    this.problem = undefined;
    await app?.close();
  }
}

function brought(hook: WebhookTrigger, request: FastifyRequest, path: string, key: string, body: Json): Brought {
  const leftOut = new Set([...PRIVATE, ...(hook.signature === undefined ? [] : [hook.signature.header])]);
  const headers: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined && !leftOut.has(name)) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  const query = request.query as { readonly [name: string]: Json };
  return {
    key,
    event: { type: "webhook", method: request.method, path, query: { ...query }, headers, body },
    input: body,
  };
}

/** What the values of a body may take: they are read in the thread that serves everybody. */
const HEAVIEST: Bytes = 128 * 1024 * 1024;

/** How deep its lists and objects may stand in one another, as in expressions. */
const DEEPEST = 500;
const TOO_HEAVY = refusal(
  413,
  `The values of a body may take ${HEAVIEST / 1024 / 1024} MB of memory; these would take more.`,
);
const TOO_DEEP = refusal(400, `The lists and objects of a body may stand ${DEEPEST} deep in one another.`);

/** The body as its content type says: JSON, a form, else text; none is null. */
function bodyOf(
  type: string | undefined,
  bytes: Buffer,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly refused: Reply } {
  if (bytes.length === 0) return { ok: true, value: null };
  const text = bytes.toString("utf8");
  const kind = (type ?? "application/json").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (kind === "application/x-www-form-urlencoded") {
    if (formWeight(bytes) > HEAVIEST) return { ok: false, refused: TOO_HEAVY };
    return { ok: true, value: Object.fromEntries(new URLSearchParams(text)) };
  }
  if (kind !== "application/json" && !kind.endsWith("+json")) return { ok: true, value: text };
  if (jsonWeight(text) > HEAVIEST) return { ok: false, refused: TOO_HEAVY };
  if (jsonDepth(text) > DEEPEST) return { ok: false, refused: TOO_DEEP };
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, refused: refusal(400, "The body is not the JSON its content type says.") };
  }
}

/** What a field takes before it is part of a value: a pair of texts in a list, and a name of its own in an object. */
const FIELD: Bytes = 256;
const AND = 38;

/** About how much memory reading a form takes. Nothing is read. */
function formWeight(bytes: Buffer): Bytes {
  let fields = 1;
  for (const byte of bytes) if (byte === AND) fields += 1;
  return bytes.length * 2 + fields * FIELD;
}

function refusal(status: number, error: string): Reply {
  return { status, body: { error } };
}
