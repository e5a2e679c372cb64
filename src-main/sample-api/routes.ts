import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

type Query = { readonly [name: string]: string | undefined };
type Body = { readonly [name: string]: unknown };

/** The query of a request; a repeated name gives its first value. */
export function queryOf(request: FastifyRequest): Query {
  const query: { [name: string]: string | undefined } = {};
  for (const [name, value] of Object.entries(request.query as { readonly [name: string]: unknown }))
    query[name] = String(Array.isArray(value) ? value[0] : value);
  return query;
}

/** A whole number from a query, within bounds; `otherwise` when it is absent or no number. */
export function numberIn(query: Query, name: string, otherwise: number, least: number, most: number): number {
  const value = Number(query[name] ?? otherwise);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.trunc(value))) : otherwise;
}

/** The body's fields; none when the body is no object. */
export function bodyOf(request: FastifyRequest): Body {
  const { body } = request;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Body) : {};
}

/** Refuses a request in the shape all routes share. */
export function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.status(status).send({ error: { code, message } });
}

/** A group of routes. */
export type Routes = (server: FastifyInstance) => void;
