import { isJsonObject, type Json } from "../../base/json";
import type { TriggerProblems } from "./problems";
import type { Signature } from "./trigger";

const SECRET = /^\s*\{\{\s*secrets\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}\s*$/;

/** Reads a webhook's `signature`. */
export function readSignature(written: Json, problems: TriggerProblems): Signature | undefined {
  const under = ["signature"];
  if (!isJsonObject(written)) {
    problems.add(under, "signature is a mapping with header and secret.");
    return undefined;
  }
  const secret = problems.text(written, "secret", under);
  if (written["secret"] === undefined)
    problems.add(under, "signature needs secret, e.g. {{ secrets.WEBHOOK_KEY }}.", { rule: "missing-config" });
  const algorithm = problems.choice(written, "algorithm", ["sha1", "sha256", "sha512"] as const, "sha256", under);
  const timestampHeader = problems.text(written, "timestamp_header", under)?.toLowerCase();
  if (secret === undefined) return undefined;
  const name = SECRET.exec(secret)?.[1];
  if (name === undefined && secret.includes("{{")) {
    problems.add([...under, "secret"], "secret is {{ secrets.NAME }}; no other expression is known here.");
    return undefined;
  }
  return {
    header: (problems.text(written, "header", under) ?? "X-Signature").toLowerCase(),
    secret: name === undefined ? { text: secret } : { name },
    algorithm,
    encoding: problems.choice(written, "encoding", ["hex", "base64"] as const, "hex", under),
    prefix: typeof written["prefix"] === "string" ? written["prefix"] : `${algorithm}=`,
    ...(timestampHeader === undefined ? {} : { timestampHeader }),
    replay: problems.choice(written, "replay", ["refuse", "allow"] as const, "refuse", under),
    toleranceSeconds: problems.number(written, "tolerance_seconds", 1, 86_400, 300, under),
  };
}
