import { createHmac } from "node:crypto";
import type { Json, JsonObject } from "@shared/base/json";
import type { Connection, Notice, Task } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { send, type Means } from "../http/client";
import { headersOf, textAt } from "../http/fields";
import { postingOf } from "../http/posting";
import { mail } from "../mail/mailing";

/** What is told, and to whom mail goes where the connection does not say. */
export interface Told extends Notice {
  readonly to: readonly string[];
}

/** Tells one channel; refuses with the type of error it failed with. */
export async function tell(
  channel: Connection,
  told: Told,
  task: Task,
  timeoutMs: number,
  means: Means,
): Promise<void> {
  switch (channel.kind) {
    case "smtp":
      return mailed(channel, told, task, means);
    case "slack":
      return posted(channel, slackText(channel, told), {}, task, timeoutMs, means);
    case "webhook":
      return posted(channel, webhookBody(told, task, channel), { signed: true }, task, timeoutMs, means);
    default:
      return refuse(
        invalid(`${channel.name} is a connection of kind ${channel.kind}, which is no channel.`, "config.channels"),
      );
  }
}

async function mailed(channel: Connection, told: Told, task: Task, { signal }: Means): Promise<void> {
  const listed = channel.settings["recipients"];
  const own = Array.isArray(listed) ? (listed as readonly Json[]).map(String) : [];
  const to = told.to.length > 0 ? told.to : own;
  if (to.length === 0)
    refuse(
      invalid(`The connection ${channel.name} has no recipients, and the component names none (to).`, "config.to"),
    );
  const key = `${task.key}/${channel.name}`;
  await mail(channel, { to: [...to], subject: told.title, text: told.message }, { ...task, key }, signal);
}

async function posted(
  channel: Connection,
  body: JsonObject,
  { signed = false }: { readonly signed?: boolean },
  task: Task,
  timeoutMs: number,
  means: Means,
): Promise<void> {
  const place = `connection ${channel.name}`;
  const written = textAt(channel.settings, "url", `${place}.`) ?? "";
  if (!/^https?:\/\//i.test(written) || !URL.canParse(written))
    refuse(invalid(`The connection ${channel.name} has no address that begins with http:// or https://.`));
  const own = headersOf(channel.settings["headers"], `${place}.headers`);
  const to = {
    url: new URL(written),
    name: `The ${channel.kind} ${channel.name}`,
    headers: own,
    credentialHeaders: [...own.keys()],
  };
  const settings = postingOf({ ...task, key: `${task.key}/${channel.name}` }, to, body, timeoutMs);
  const secret = signed ? textAt(channel.settings, "secret", `${place}.`) : undefined;
  const headers = new Map([
    ...settings.headers,
    ...(secret === undefined ? [] : signature(secret, JSON.stringify(body))),
  ]);
  await send({ ...settings, headers }, { url: to.url, idempotencyKey: undefined }, means);
}

/** The time is signed too: a receiver can refuse a message that somebody recorded and sends again. */
function signature(secret: string, body: string): [string, string][] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return [
    ["x-signature-timestamp", timestamp],
    ["x-signature-256", `sha256=${digest}`],
  ];
}

function slackText({ settings }: Connection, { level, title, message }: Told): JsonObject {
  const mentions = Array.isArray(settings["mentions"]) ? (settings["mentions"] as readonly Json[]).map(mention) : [];
  const channel = textAt(settings, "channel");
  const username = textAt(settings, "username");
  return {
    text: [...mentions, `*${MARKS[level]}${escaped(title)}*\n${escaped(message)}`].join(" "),
    ...(channel === undefined ? {} : { channel }),
    ...(username === undefined ? {} : { username }),
  };
}

const MARKS = { info: "", warning: "Warning: ", error: "Error: " } as const;

/** Slack reads `<!channel>` and `<@ID>` as mentions. */
function mention(written: Json): string {
  const name = String(written).replace(/^@/, "");
  return ["channel", "here", "everyone"].includes(name)
    ? `<!${name}>`
    : /^[UW][A-Z0-9]+$/.test(name)
      ? `<@${name}>`
      : `@${name}`;
}

/** So that a text from outside neither mentions anybody nor shows a link as another. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function webhookBody({ level, title, message }: Told, task: Task, channel: Connection): JsonObject {
  return {
    id: `${task.key}/${channel.name}`,
    level,
    title,
    message,
    workflow_id: task.workflowId,
    execution_id: task.executionId,
    component: task.path,
    correlation_id: task.correlationId,
    sent_at: new Date().toISOString(),
  };
}
