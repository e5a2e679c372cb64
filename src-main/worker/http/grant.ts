import * as oauth from "oauth4webapi";
import type { AtMs } from "@shared/base/units";
import { refuse, type Problem } from "../behaviour";
import type { ClientCredentials } from "./auth";

/** Sends a form to the token endpoint by the way of the call that needs the token. */
export type PostForm = (
  url: URL,
  headers: ReadonlyMap<string, string>,
  form: string,
) => Promise<{
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly bytes: Buffer;
}>;

/** An access token and when to ask for another. */
export interface Granted {
  readonly token: string;
  readonly until: AtMs;
}

/** A token is given up this long before it ends: the call that carries it takes time too. */
const MARGIN_MS = 10_000;
/** Where the server does not say how long a token is good. */
const USUAL_MS = 5 * 60_000;

/** Asks the token endpoint; an answer without a token is refused with its type of error. */
export async function granted(credentials: ClientCredentials, post: PostForm, nowMs: AtMs): Promise<Granted> {
  const { tokenUrl, clientId, clientSecret, scope, audience, clientAuth } = credentials;
  const server: oauth.AuthorizationServer = { issuer: tokenUrl.origin, token_endpoint: tokenUrl.href };
  const client: oauth.Client = { client_id: clientId };
  const proof = clientAuth === "body" ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
  const parameters = { ...(scope === undefined ? {} : { scope }), ...(audience === undefined ? {} : { audience }) };
  try {
    const response = await oauth.clientCredentialsGrantRequest(server, client, proof, parameters, {
      // The workspace may lead a host to a server on this machine; who writes http:// means it.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: async (url, { headers, body }) => {
        const answer = await post(new URL(url), new Map(Object.entries(headers)), String(body));
        return new Response(answer.bytes.length === 0 ? null : new Uint8Array(answer.bytes), {
          status: answer.status,
          headers: answer.headers,
        });
      },
    });
    const { access_token: token, expires_in: seconds } = await oauth.processClientCredentialsResponse(
      server,
      client,
      response,
    );
    const lasts = seconds === undefined ? USUAL_MS : seconds * 1000;
    return { token, until: nowMs + Math.max(0, lasts - MARGIN_MS) };
  } catch (thrown) {
    const problem = problemOf(thrown, tokenUrl);
    if (problem === undefined) throw thrown;
    return refuse(problem);
  }
}

function problemOf(thrown: unknown, tokenUrl: URL): Problem | undefined {
  const where = `The sign-in at ${tokenUrl.origin}${tokenUrl.pathname}`;
  if (thrown instanceof oauth.ResponseBodyError) {
    const said = thrown.error_description ?? thrown.error;
    const type = thrown.status >= 500 ? "server_error" : "authentication_error";
    return { type, message: `${where} was refused: ${said}.` };
  }
  if (thrown instanceof oauth.WWWAuthenticateChallengeError)
    return { type: "authentication_error", message: `${where} was refused with ${thrown.status}.` };
  if (thrown instanceof oauth.OperationProcessingError) {
    const { response } = (thrown.cause ?? {}) as { readonly response?: unknown };
    const status = (
      thrown.cause instanceof Response ? thrown.cause : response instanceof Response ? response : undefined
    )?.status;
    const type =
      status !== undefined && status >= 500 ? "server_error" : status === 429 ? "rate_limited" : "authentication_error";
    return {
      type,
      message: `${where} gave no token${status === undefined || status < 400 ? "" : `: it answered with ${status}`}.`,
    };
  }
  return undefined;
}
