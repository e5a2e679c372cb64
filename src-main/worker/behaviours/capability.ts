import type { JsonObject } from "@shared/base/json";
import { descriptorOf } from "@shared/components/catalogue";
import { CALL_KEYS, capabilityPath } from "@shared/components/capability";
import { completed, invalid, missing, outcomeOf, refuse, type Behaviour } from "../behaviour";
import { baseOf, joined } from "../http/base";
import { decodeBody } from "../http/body";
import { send, words } from "../http/client";
import { textAt } from "../http/fields";
import { withinTime } from "../http/performing";
import { postingOf } from "../http/posting";
import { sensitiveTexts } from "../http/sensitive";
import { timeoutOf } from "../http/settings";

/** Asks a capability behind an HTTP API of the workspace: `POST {base}/{capability}/{operation}`, the other keys as arguments. */
export const capability: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { config, type } = task;
    const operation = textAt(config, "operation") ?? usualOperation(type);
    if (!/^[A-Za-z0-9_.-]+$/.test(operation) || !/[^.]/.test(operation))
      refuse(invalid(`The operation ${JSON.stringify(operation)} is no name.`, "config.operation"));
    const behind = task.services?.capability;
    if (behind?.kind !== "http") {
      return refuse(
        missing(
          `No connection of the workspace serves ${type}. Add an HTTP connection that serves it, under Connections.`,
        ),
      );
    }
    const base = baseOf(behind, task.sensitive);
    const url = joined(base, `${capabilityPath(type)}/${operation}`);
    for (const [name, value] of base.signIn.query) url.searchParams.set(name, value);
    const headers = new Map([...base.headers, ...base.signIn.headers]);
    const credentialHeaders = [...base.credentialHeaders, ...base.signIn.headers.keys()];
    const { oauth } = base.signIn;
    const place = { url, headers, credentialHeaders, ...(oauth ? { oauth } : {}) };
    const settings = postingOf(task, place, argumentsOf(config), timeoutOf(task, base));
    const where = words("POST", url);
    return withinTime(tools, { timeoutMs: settings.timeoutMs, where }, async (means) => {
      const answer = await send(settings, { url, idempotencyKey: undefined }, means);
      const output = decodeBody(answer.bytes, "auto", answer.headers["content-type"] ?? "", where);
      const sensitive = [...sensitiveTexts(config["sensitive_fields"], output), ...settings.derived];
      return completed(output, { facts: `${answer.status}`, ...(sensitive.length > 0 ? { sensitive } : {}) });
    });
  });

function usualOperation(type: string): string {
  const usual = descriptorOf(type)?.config_schema.properties["operation"]?.default;
  return typeof usual === "string" ? usual : "";
}

/** What is sent: the keys that are not about the call itself. */
function argumentsOf(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !CALL_KEYS.has(key)));
}
