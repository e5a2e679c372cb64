import type { Json, JsonObject } from "@shared/base/json";
import { completed, invalid, missing, outcomeOf, refuse, type Behaviour } from "../behaviour";
import { textAt } from "../http/fields";
import { withinTime } from "../http/performing";
import { timeoutOf } from "../http/settings";
import { attachmentsOf } from "../mail/attachments";
import { mail, type Message } from "../mail/mailing";
import { kindOf } from "../records/json";

/** Sends an e-mail by the workspace's mail connection. */
export const email: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { config, services } = task;
    const { connection } = services ?? {};
    if (connection?.kind !== "smtp") {
      const named = textAt(config, "connection");
      return refuse(
        missing(
          `The workspace has no mail connection${named === undefined ? "" : ` called ${named}`}. Add one under Connections.`,
          "config.connection",
        ),
      );
    }
    const message = await messageOf(config, await attachmentsOf(config["attachments"], task.place));
    const limit = { timeoutMs: timeoutOf(task, undefined), where: `Sending mail by ${connection.name}` };
    return withinTime(tools, limit, async ({ signal }) => {
      const { messageId, accepted, rejected } = await mail(connection, message, task, signal);
      return completed(
        { message_id: messageId, accepted, rejected: rejected.map(({ address }) => address) },
        {
          facts: accepted.length === 1 ? `to ${accepted[0]}` : `to ${accepted.length} addresses`,
          ...(rejected.length === 0
            ? {}
            : { warnings: rejected.map(({ address, said }) => `${address} was refused: ${said}.`) }),
        },
      );
    });
  });

function messageOf(config: JsonObject, attachments: Message["attachments"]): Message {
  const to = addressesOf(config, "to");
  if (to.length === 0) refuse(invalid("It has no address to go to.", "config.to"));
  const from = textAt(config, "from");
  const text = textAt(config, "body");
  const html = textAt(config, "html");
  return {
    to,
    cc: addressesOf(config, "cc"),
    bcc: addressesOf(config, "bcc"),
    replyTo: addressesOf(config, "reply_to"),
    ...(from === undefined ? {} : { from }),
    subject: textAt(config, "subject") ?? "",
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    attachments,
  };
}

/** One address or several. */
export function addressesOf(config: JsonObject, key: string): string[] {
  const written = config[key];
  if (written === undefined || written === null || written === "") return [];
  const all = Array.isArray(written) ? (written as readonly Json[]) : [written];
  return all.map((one) => {
    if (typeof one === "string" && one.includes("@")) return one;
    const shown = typeof one === "string" ? JSON.stringify(one) : kindOf(one);
    return refuse(invalid(`${key} has ${shown}; it takes addresses like ann@example.com.`, `config.${key}`));
  });
}
