import type { Json, JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import {
  completed,
  failed,
  invalid,
  missing,
  outcomeOf,
  Refusal,
  refuse,
  type Behaviour,
  type Problem,
} from "../behaviour";
import { tell, type Told } from "../channels/channels";
import type { Means } from "../http/client";
import { oneOf, textAt } from "../http/fields";
import { withinTime } from "../http/performing";
import { timeoutOf } from "../http/settings";
import { kindOf } from "../records/json";
import { addressesOf } from "./email";

/** The channel that is the screen: the host shows it. */
const DESKTOP = "desktop";

/** Tells people by the workspace's channels; all are tried. */
export const notify: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const told = toldBy(task);
    const channels = channelsOf(task.config);
    const timeoutMs = timeoutOf(task, undefined);
    return withinTime(tools, { timeoutMs, where: `Telling ${channels.join(", ")}` }, async (means) => {
      const problems = await Promise.all(channels.map((channel) => tried(channel, told, task, timeoutMs, means)));
      const failures = problems.flatMap((problem, at) => (problem ? [{ channel: channels[at]!, problem }] : []));
      if (failures.length === channels.length) {
        const each = failures.map(({ channel, problem }) => `${channel}: ${problem.message}`).join(" ");
        return failed({ ...failures[0]!.problem, message: `Nobody was told. ${each}` });
      }
      const { level, title, message } = told;
      return completed(null, {
        facts: channels.filter((channel) => failures.every((failure) => failure.channel !== channel)).join(", "),
        warnings: failures.map(({ channel, problem }) => `${channel} was not told: ${problem.message}`),
        ...(channels.includes(DESKTOP) ? { notices: [{ level, title, message }] } : {}),
      });
    });
  });

async function tried(
  name: string,
  told: Told,
  task: Task,
  timeoutMs: number,
  means: Means,
): Promise<Problem | undefined> {
  if (name === DESKTOP) return undefined;
  const channel = task.services?.channels?.[name];
  if (channel === undefined)
    return missing(`The workspace has no connection called ${name}. Add it under Connections.`, "config.channels");
  try {
    await tell(channel, told, task, timeoutMs, means);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.problem;
    // One that does not answer must not undo what the others were told.
    if (means.signal.aborted) return { type: "timeout", message: `It took longer than ${timeoutMs / 1000} s.` };
    throw thrown;
  }
}

function channelsOf({ channels }: JsonObject): readonly string[] {
  if (channels === undefined || channels === null) return [DESKTOP];
  const listed = typeof channels === "string" ? [channels] : channels;
  if (!Array.isArray(listed) || listed.length === 0)
    return refuse(invalid(`The channels are ${kindOf(channels)}; they take a list of names.`, "config.channels"));
  return [...new Set((listed as readonly Json[]).map(String))];
}

function toldBy({ config, workflowId, path }: Task): Told {
  const message = config["message"];
  if (message === undefined || message === null || message === "")
    return refuse(invalid("It has no message.", "config.message"));
  return {
    level: oneOf(config, "level", ["info", "warning", "error"]),
    title: textAt(config, "title") ?? `${workflowId}: ${path}`,
    message: typeof message === "string" ? message : JSON.stringify(message),
    to: addressesOf(config, "to"),
  };
}
