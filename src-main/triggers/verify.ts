import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AtMs } from "@shared/base/units";
import type { Signature } from "@shared/workflow/triggers/trigger";

/** Whether a request's sender knew the secret; a sentence when that is not shown. `digest` is the same for the same request. */
export type Verified =
  { readonly ok: true; readonly digest: string } | { readonly ok: false; readonly message: string };

/** Checks the signature over the body's bytes, in a time that tells nothing about the secret. */
export function verify(
  signature: Signature,
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: AtMs,
): Verified {
  const { header, algorithm, encoding, prefix, timestampHeader, toleranceSeconds } = signature;
  const said = one(headers[header]);
  if (said === undefined) return { ok: false, message: `The header ${header} with the signature is missing.` };
  const hmac = createHmac(algorithm, secret);
  if (timestampHeader !== undefined) {
    const time = one(headers[timestampHeader]);
    if (time === undefined)
      return { ok: false, message: `The header ${timestampHeader} with the time of sending is missing.` };
    const apart = Math.abs(now / 1000 - Number(time));
    if (!(apart <= toleranceSeconds))
      return { ok: false, message: `The request is older than ${toleranceSeconds} s, or the clocks differ.` };
    hmac.update(`${time}.`);
  }
  const right = hmac.update(body).digest();
  const given = Buffer.from(said.startsWith(prefix) ? said.slice(prefix.length) : said, encoding);
  const isRight = given.length === right.length && timingSafeEqual(given, right);
  return isRight
    ? { ok: true, digest: right.toString("hex") }
    : { ok: false, message: "The signature does not fit the body and the secret." };
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
