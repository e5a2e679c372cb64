import { type AddressInfo } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { capabilityRoutes } from "./capabilities";
import { Calls, type Counts } from "./counts";
import { customerRoutes } from "./customers";
import { shopRoutes } from "./shop";
import { troubleRoutes } from "./trouble";

export type { Counts, Tally } from "./counts";

/** The host that the examples name; the `hosts` map leads it to a running sample API. */
export const SAMPLE_HOST = "sample.apg.test";

/** A running sample API. */
export interface SampleApi {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  counts(): Counts;
  reset(): void;
  close(): Promise<void>;
}

/**
 * Serves, on loopback only, the APIs that the examples and tests call.
 *
 * A call that changes something and has an `Idempotency-Key` is carried out once: a repetition gets the first answer
 * again, with `Idempotent-Replay: true`. `GET /_counts` tells raw and deduplicated calls, `POST /_reset` forgets them.
 *
 * @param port absent or 0: a free one.
 */
export async function startSampleApi({ port = 0 }: { readonly port?: number } = {}): Promise<SampleApi> {
  const server = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 10 * 1024 * 1024 });
  const calls = new Calls();
  const failures = new Map<string, number>();
  const reset = (): void => {
    calls.reset();
    failures.clear();
  };
  readBodies(server);
  countCalls(server, calls);
  customerRoutes(server);
  shopRoutes(server);
  capabilityRoutes(server);
  troubleRoutes(server, { failures });
  server.get("/_counts", () => calls.counts());
  server.post("/_reset", () => {
    reset();
    return { reset: true };
  });
  await server.listen({ host: "127.0.0.1", port });
  const bound = (server.server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    counts: () => calls.counts(),
    reset,
    close: () => server.close(),
  };
}

/** Takes any body: what is no JSON is text, and an empty one is nothing whatever its content type says. */
function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) => {
    const text = String(body);
    if (text === "" || !(request.headers["content-type"] ?? "").includes("json")) return done(null, text || null);
    try {
      done(null, JSON.parse(text));
    } catch (cause) {
      done(Object.assign(new Error("The body is no JSON.", { cause }), { statusCode: 400 }), undefined);
    }
  });
}

/** Counts every call but those to `/_…`, and answers repeated ones from memory. */
function countCalls(server: FastifyInstance, calls: Calls): void {
  server.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.url.startsWith("/_")) return;
    const { route, key } = identify(request);
    calls.count(route, key);
    const answer = key === undefined || request.method === "GET" ? undefined : calls.remembered(route, key);
    if (answer !== undefined) return reply.header("idempotent-replay", "true").status(answer.status).send(answer.body);
  });
  server.addHook("preSerialization", async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { route, key } = identify(request);
    // A failure is not remembered: trying again is what an idempotency key is for.
    if (key !== undefined && request.method !== "GET" && reply.statusCode < 400)
      calls.remember(route, key, { status: reply.statusCode, body: payload });
    return payload;
  });
}

function identify(request: FastifyRequest): { readonly route: string; readonly key: string | undefined } {
  const header = request.headers["idempotency-key"];
  const path = request.url.replace(/\?.*$/, "");
  return { route: `${request.method} ${path}`, key: Array.isArray(header) ? header[0] : header };
}
