import type { Readable } from "node:stream";
import type { Json, JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { writeWhole } from "../data/write";
import { Room } from "../heavy";
import { decodeBody, saveBody } from "../http/body";
import { isSafeFor, send, words, type Answer, type Means, type Outside } from "../http/client";
import { firstPage, joinPages, listOf, pageAfter, type Page } from "../http/pages";
import { withinTime } from "../http/performing";
import { sensitiveTexts } from "../http/sensitive";
import { requestSettings, type RequestSettings } from "../http/settings";
import { allowedPath } from "../paths";
import { countWords } from "../records/records";
import { sizeWords } from "../files/options";

/** Calls an HTTP API. The attempt's time limit covers all redirects and pages. */
export const httpRequest: Behaviour = (task, tools) => requestOver(task, tools);

/** The same by other ways out than this thread's own. */
export function requestOver(task: Task, tools: Tools, outside?: Outside): Outcome | Promise<Outcome> {
  return outcomeOf(async () => {
    const settings = await requestSettings(task);
    const limit = { timeoutMs: settings.timeoutMs, where: words(settings.method, settings.url) };
    return withinTime(tools, limit, (means) => request(settings, task, tools, means), outside);
  });
}

async function request(settings: RequestSettings, task: Task, tools: Tools, means: Means): Promise<Outcome> {
  const { pagination } = settings;
  if ((task.config["save_to"] ?? null) !== null) return saved(settings, task, tools, means);
  const first = firstPage(settings.url, pagination);
  const answer = await send(settings, { url: first, idempotencyKey: undefined }, means);
  const room = new Room();
  const body = bodyOf(answer, settings, room);
  if (!pagination) return outcome(task, settings, answer, body, factsOf(answer, body));

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
    last = await send(withoutStrangers(settings, next), { url: next, idempotencyKey }, means);
    page = { url: next, headers: last.headers, body: bodyOf(last, settings, room) };
    // The page after the last of a counted list is empty.
    if (pagination.kind === "page" && listOf(page.body, pagination.items).list.length === 0) break;
    bodies.push(page.body);
    next = pageAfter(page, pagination);
  }
  const joined = joinPages(bodies, pagination);
  const more = next !== undefined && bodies.length >= pagination.maxPages && !seen.has(next.href);
  const warnings = more ? [`Only ${countWords(pagination.maxPages, "page")} were fetched; there are more.`] : undefined;
  return outcome(task, settings, last, joined.body, countWords(joined.count), warnings);
}

/** A next link may lead to another host: credentials stay with theirs. */
function withoutStrangers(settings: RequestSettings, next: URL): RequestSettings {
  if (isSafeFor(next, settings.url)) return settings;
  const own = new Set(["authorization", "cookie", "proxy-authorization", ...settings.credentialHeaders]);
  const { oauth: _oauth, ...rest } = settings;
  return { ...rest, headers: new Map([...settings.headers].filter(([name]) => !own.has(name))) };
}

/** Writes the answer's body to a file, aside first: a call that breaks off leaves the file as it was. */
async function saved(settings: RequestSettings, task: Task, tools: Tools, means: Means): Promise<Outcome> {
  if (settings.pagination) refuse(invalid("Pages cannot be joined in a file.", "config.save_to"));
  const path = await allowedPath(task.config["save_to"], task.place, "config.save_to");
  const save = async (body: Readable, encoding: string | undefined, where: string): Promise<JsonObject> => {
    let sha256 = "";
    let told = 0;
    const bytes = await writeWhole(path, async (temporary) => {
      sha256 = await saveBody(body, encoding, settings.maxBytes, where, temporary, (written) => {
        if (written - told < PROGRESS_BYTES) return;
        told = written;
        tools.progress(`${sizeWords(written)} received`);
      });
    });
    return { path: path.written, bytes, sha256 };
  };
  const answer = await send(settings, { url: settings.url, idempotencyKey: undefined }, { ...means, save });
  if (answer.saved === undefined) {
    refuse({
      type: "bad_request",
      message: `${words(settings.method, answer.url)} was answered with ${answer.status}: there is nothing to save.`,
      place: "config.save_to",
    });
  }
  return outcome(task, settings, answer, answer.saved, `${sizeWords(Number(answer.saved["bytes"]))} saved`);
}

const PROGRESS_BYTES = 1_000_000;

function bodyOf(answer: Answer, settings: RequestSettings, room: Room): Json {
  const where = words(settings.method, answer.url);
  return decodeBody(answer.bytes, settings.responseType, answer.headers["content-type"] ?? "", where, room);
}

function outcome(
  task: Task,
  settings: RequestSettings,
  answer: Answer,
  body: Json,
  facts: string,
  warnings?: readonly string[],
): Outcome {
  const output = { status: answer.status, headers: answer.headers, body };
  const sensitive = [...sensitiveTexts(task.config["sensitive_fields"], output), ...settings.derived];
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
