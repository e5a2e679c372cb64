import { isJsonObject, type Json } from "../../base/json";
import type { Faults } from "./read";
import type { Signature } from "./trigger";

const SECRET = /^\s*\{\{\s*secrets\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}\s*$/;

/** Reads a webhook's `signature`. */
export function readSignature(written: Json, faults: Faults): Signature | undefined {
  const under = ["signature"];
  if (!isJsonObject(written)) {
    faults.add(under, "signature is a mapping with header and secret.");
    return undefined;
  }
  const secret = faults.text(written, "secret", under);
  if (written["secret"] === undefined)
    faults.add(under, "signature needs secret, e.g. {{ secrets.WEBHOOK_KEY }}.", { rule: "missing-config" });
  const algorithm = faults.choice(written, "algorithm", ["sha1", "sha256", "sha512"] as const, "sha256", under);
  const timestampHeader = faults.text(written, "timestamp_header", under)?.toLowerCase();
  if (secret === undefined) return undefined;
  const name = SECRET.exec(secret)?.[1];
  if (name === undefined && secret.includes("{{")) {
    faults.add([...under, "secret"], "secret is {{ secrets.NAME }}; no other expression is known here.");
    return undefined;
  }
  return {
    header: (faults.text(written, "header", under) ?? "X-Signature").toLowerCase(),
    secret: name === undefined ? { text: secret } : { name },
    algorithm,
    encoding: faults.choice(written, "encoding", ["hex", "base64"] as const, "hex", under),
    prefix: typeof written["prefix"] === "string" ? written["prefix"] : `${algorithm}=`,
    ...(timestampHeader === undefined ? {} : { timestampHeader }),
    replay: faults.choice(written, "replay", ["refuse", "allow"] as const, "refuse", under),
    toleranceSeconds: faults.number(written, "tolerance_seconds", 1, 86_400, 300, under),
  };
}
