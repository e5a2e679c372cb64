import type { FastifyInstance } from "fastify";
import { numberIn, queryOf, refuse } from "./routes";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const LONGEST_MS = 120_000;

/** Routes that misbehave on request: late, sometimes, always. */
export function troubleRoutes(server: FastifyInstance, state: { readonly failures: Map<string, number> }): void {
  const method = [...METHODS];

  // `/slow?ms=500` and `/slow/anything?ms=500`: a name makes each component's calls countable.
  for (const url of ["/slow", "/slow/:name"]) {
    server.route({
      method,
      url,
      handler: async (request, reply) => {
        const ms = numberIn(queryOf(request), "ms", 1_000, 0, LONGEST_MS);
        const { name } = request.params as { readonly name?: string };
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          // A client that goes away must not keep the server from closing. The request is over once its body was read; the
          // reply is what tells.
          reply.raw.once("close", () => {
            clearTimeout(timer);
            resolve();
          });
        });
        return { waited_ms: ms, name: name ?? null };
      },
    });
  }

  // `/flaky/KEY?fails=2&status=503`: the first calls of a key fail, the others work.
  server.route({
    method,
    url: "/flaky/:key",
    handler: (request, reply) => {
      const { key } = request.params as { readonly key: string };
      const query = queryOf(request);
      const fails = numberIn(query, "fails", 2, 0, 1_000);
      const before = state.failures.get(key) ?? 0;
      if (before >= fails) return { key, calls: before + 1 };
      state.failures.set(key, before + 1);
      return refuse(
        reply,
        numberIn(query, "status", 503, 400, 599),
        "flaky",
        `Call ${before + 1} of ${fails} that fail.`,
      );
    },
  });

  // `/status/429?retry_after=2`: always that status.
  server.route({
    method,
    url: "/status/:code",
    handler: (request, reply) => {
      const status = Number((request.params as { readonly code: string }).code);
      if (!Number.isInteger(status) || status < 200 || status > 599)
        return refuse(reply, 400, "bad_status", "Statuses go from 200 to 599.");
      const { retry_after: retryAfter } = queryOf(request);
      if (retryAfter !== undefined) void reply.header("retry-after", retryAfter);
      return reply.status(status).send(status === 204 || status === 304 ? undefined : { status });
    },
  });

  for (const url of ["/echo", "/echo/*"]) {
    server.route({
      method,
      url,
      handler: (request) => ({
        method: request.method,
        path: request.url.replace(/\?.*$/, ""),
        query: request.query,
        headers: request.headers,
        body: request.body ?? null,
      }),
    });
  }
}
