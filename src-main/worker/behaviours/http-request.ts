import type { Json } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, failed, outcomeOf, type Behaviour, type Tools } from "../behaviour";
import { decodeBody } from "../http/body";
import { send, words, type Answer } from "../http/client";
import { firstPage, joinPages, listOf, pageAfter, type Page } from "../http/pages";
import { sensitiveTexts } from "../http/sensitive";
import { requestSettings, type RequestSettings } from "../http/settings";
import { countWords } from "../records/records";

/** Calls an HTTP API. The attempt's time limit covers all redirects and pages. */
export const httpRequest: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const settings = requestSettings(task);
    const limit = new AbortController();
    const timer = Number.isFinite(settings.timeoutMs) ? setTimeout(() => limit.abort(), settings.timeoutMs) : undefined;
    try {
      return await request(settings, task, tools, AbortSignal.any([tools.signal, limit.signal]));
    } catch (thrown) {
      if (tools.signal.aborted) return failed({ type: "cancelled", message: "The call was stopped." });
      if (!limit.signal.aborted) throw thrown;
      const where = words(settings.method, settings.url);
      return failed({
        type: "timeout",
        message: `${where} took longer than ${settings.timeoutMs / 1000} s.`,
        place: "config.timeout",
      });
    } finally {
      clearTimeout(timer);
    }
  });

async function request(settings: RequestSettings, task: Task, tools: Tools, signal: AbortSignal): Promise<Outcome> {
  const { pagination } = settings;
  const first = firstPage(settings.url, pagination);
  const answer = await send(settings, { url: first, idempotencyKey: undefined }, task, signal);
  const body = bodyOf(answer, settings);
  if (!pagination) return outcome(task, answer, body, factsOf(answer, body));

  const bodies = [body];
  const seen = new Set([first.href]);
  let last = answer;
  let page: Page = { url: first, headers: answer.headers, body };
  let next = pageAfter(page, pagination);
  while (next && bodies.length < pagination.maxPages && !seen.has(next.href)) {
    seen.add(next.href);
    tools.progress(`page ${bodies.length + 1}`);
    // Each page is a call of its own: with one key for all, a server that deduplicates would send the first page again.
    const idempotencyKey = `${settings.headers.get("idempotency-key") ?? task.key}/page/${bodies.length + 1}`;
    last = await send(settings, { url: next, idempotencyKey }, task, signal);
    page = { url: next, headers: last.headers, body: bodyOf(last, settings) };
    // The page after the last of a counted list is empty.
    if (pagination.kind === "page" && listOf(page.body, pagination.items).list.length === 0) break;
    bodies.push(page.body);
    next = pageAfter(page, pagination);
  }
  const joined = joinPages(bodies, pagination);
  const more = next !== undefined && bodies.length >= pagination.maxPages && !seen.has(next.href);
  const warnings = more ? [`Only ${countWords(pagination.maxPages, "page")} were fetched; there are more.`] : undefined;
  return outcome(task, last, joined.body, countWords(joined.count), warnings);
}

function bodyOf(answer: Answer, settings: RequestSettings): Json {
  const where = words(settings.method, answer.url);
  return decodeBody(answer.bytes, settings.responseType, answer.headers["content-type"] ?? "", where);
}

function outcome(task: Task, answer: Answer, body: Json, facts: string, warnings?: readonly string[]): Outcome {
  const output = { status: answer.status, headers: answer.headers, body };
  const sensitive = sensitiveTexts(task.config["sensitive_fields"], output);
  return completed(output, {
    facts,
    ...(warnings ? { warnings } : {}),
    ...(sensitive.length > 0 ? { sensitive } : {}),
  });
}

function factsOf(answer: Answer, body: Json): string {
  const { list, path } = listOf(body, undefined);
  return path === undefined ? `${answer.status} · ${sizeWords(answer.bytes.length)}` : countWords(list.length);
}

function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
