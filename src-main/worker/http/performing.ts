import type { Outcome } from "@shared/execution/effect";
import { failed, Refusal, type Tools } from "../behaviour";
import type { Course, Means, Outside } from "./client";
import { Dispatchers } from "./dispatchers";
import { Tokens } from "./tokens";

const REDACTED = "[REDACTED]";

/** What this thread keeps between calls: open connections and access tokens. */
const ours: Outside = { dispatchers: new Dispatchers(), tokens: new Tokens() };

/** What a call is limited by and called in messages. */
export interface Limit {
  readonly timeoutMs: number;
  /** `GET https://example.com/x`. */
  readonly where: string;
}

/**
 * Carries out calls within the attempt's time limit, which covers redirects, pages and sign-in alike. Tokens that were got on the
 * way become references in the output, and are taken out of the error.
 */
export async function withinTime(
  tools: Tools,
  { timeoutMs, where }: Limit,
  work: (means: Means) => Promise<Outcome>,
  outside: Outside = ours,
): Promise<Outcome> {
  const limit = new AbortController();
  const abort = (): void => limit.abort();
  const timer = Number.isFinite(timeoutMs) ? setTimeout(abort, timeoutMs) : undefined;
  if (tools.signal.aborted) abort();
  else tools.signal.addEventListener("abort", abort, { once: true });
  const course: Course = { phase: "sent" };
  const secrets = new Set<string>();
  try {
    const outcome = await work({ outside, course, secrets, signal: limit.signal });
    return outcome.kind === "completed" && secrets.size > 0
      ? { ...outcome, sensitive: [...(outcome.sensitive ?? []), ...secrets] }
      : outcome;
  } catch (thrown) {
    if (tools.signal.aborted) return failed({ type: "cancelled", message: "The call was stopped." });
    if (thrown instanceof Refusal)
      return failed({ ...thrown.problem, message: without(secrets, thrown.problem.message) });
    if (!limit.signal.aborted) throw thrown;
    const how = course.phase === "sent" ? "no answer came" : "its answer stopped in the middle";
    return failed({
      type: "timeout",
      message: `${where} took longer than ${timeoutMs / 1000} s: ${how}.`,
      place: "config.timeout",
    });
  } finally {
    clearTimeout(timer);
    tools.signal.removeEventListener("abort", abort);
  }
}

function without(secrets: ReadonlySet<string>, message: string): string {
  let text = message;
  for (const secret of secrets) text = text.replaceAll(secret, REDACTED);
  return text;
}
