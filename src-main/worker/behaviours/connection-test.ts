import { connect } from "node:net";
import type { ErrorType } from "@shared/execution/error";
import type { Connection, Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { requestOver } from "./http-request";
import { openDatabase } from "../databases/databases";
import { refuseNetworkError, withinTime } from "../databases/network";
import { targetOf } from "../http/hosts";
import { greetMailServer } from "../mail/mailing";

const CONNECT_MS = 10_000;

/** Tries the task's connection without changing anything; its output says what answered. */
export const connectionTest: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const connection = task.services?.connection;
    if (connection === undefined) return refuse(invalid("There is no connection to try."));
    return completed(await answer(connection, task, tools));
  });

async function answer(connection: Connection, task: Task, tools: Tools): Promise<string> {
  switch (connection.kind) {
    case "sqlite":
    case "postgresql":
    case "mysql": {
      const { pool } = await openDatabase(connection, task.place);
      return pool.use(tools.signal, async (link) => {
        await link.check();
        return `${link.server} answers.`;
      });
    }
    case "smtp":
      await greetMailServer(connection, task);
      return `The mail server takes the sign-in. Nothing was sent.`;
    case "http":
      return asked(connection, task, tools);
    case "webhook":
    case "slack":
      return reach(connection, "url", task, tools);
  }
}

/** What says that a server is there and lets this connection in, whatever it thinks of the address. */
const ANSWERS: ReadonlySet<ErrorType> = new Set([
  "not_found",
  "bad_request",
  "validation_error",
  "authorization_error",
]);

/** Asks for the headers of the base URL, which changes nothing, the way a component would: sign-in, proxy and certificates count. */
async function asked({ name }: Connection, task: Task, tools: Tools): Promise<string> {
  const config = { url: "", connection: name, method: "HEAD", follow_redirects: false, timeout: CONNECT_MS / 1000 };
  const outcome = await requestOver({ ...task, type: "http_request", config }, tools);
  if (outcome.kind === "completed") return `It answers: ${outcome.facts ?? ""}.`;
  const { type, message } = outcome.error;
  return ANSWERS.has(type) ? `It answers: ${message}` : refuse(outcome.error);
}

/** A message would be one too many, so it is only seen whether somebody listens. */
async function reach({ name, settings }: Connection, key: string, task: Task, tools: Tools): Promise<string> {
  const written = settings[key];
  if (typeof written !== "string" || !URL.canParse(written))
    return refuse(invalid(`The connection ${name} has no address in ${key}.`));
  const { url } = targetOf(new URL(written), task.place.hosts);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const where = `${url.hostname}:${port}`;
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port, signal: tools.signal });
  const opened = new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  try {
    await withinTime(opened, CONNECT_MS, where, () => socket.destroy());
  } catch (thrown) {
    if (tools.signal.aborted) refuse({ type: "cancelled", message: "The test was stopped." });
    refuseNetworkError(thrown, where);
    throw thrown;
  } finally {
    socket.destroy();
  }
  return `${where} answers. Nothing was sent.`;
}
