import { isJsonObject, type Json } from "@shared/base/json";
import { pairsOf } from "./asking";
import { EXIT, Stop, usage } from "./exit";
import type { OpenHost } from "./host";
import { inHost, type Options } from "./in-host";
import { print, printJson, say, table } from "./output";
import { sentenceOf } from "./run";

/** `apg tasks list`. */
export function listTasks(options: Options & { readonly answered?: boolean }, openHost: OpenHost): Promise<number> {
  return inHost(openHost, options.workspace, async (host) => {
    const rows = host.tasks(options.answered === true ? "answered" : "open");
    if (options.json) await printJson(rows);
    else if (rows.length === 0) await print(options.answered ? "No task has been answered." : "No task is open.");
    else {
      const cells = rows.map((row) => [
        row.executionId,
        row.path,
        row.name,
        row.answered?.by ?? row.assignee ?? "",
        when(row.answered?.at ?? row.deadline),
      ]);
      const [who, at] = options.answered ? ["BY", "ANSWERED"] : ["ASSIGNEE", "DEADLINE"];
      await print(table(["EXECUTION", "PATH", "TASK", who, at], cells));
    }
    return EXIT.ok;
  });
}

/** `apg tasks answer EXECUTION PATH`: the answer as JSON, or field by field. */
export function answerTask(
  execution: string,
  path: string,
  options: {
    readonly json?: string;
    readonly set: readonly string[];
    readonly by?: string;
    readonly workspace?: string;
  },
  openHost: OpenHost,
): Promise<number> {
  if (options.json === undefined && options.set.length === 0)
    throw usage("Give the answer with --json '{…}' or --set NAME=VALUE.");
  return inHost(openHost, options.workspace, async ({ engine, execution: row, tasks }) => {
    const form = tasks("open").find((task) => task.executionId === execution && task.path === path)?.form;
    const answer = answerOf(options.json, options.set, form);
    const by = options.by ?? process.env["USER"] ?? process.env["USERNAME"] ?? "command line";
    // Looked at before: what is answered may be over at once.
    const carried = (await row(execution))?.live === true;
    const done = engine.answer(execution, path, answer, by);
    if (!done.ok) throw usage(sentenceOf(done.problem));
    say(carried ? `${path} is answered.` : `${path} is answered. "apg resume ${execution}" goes on with it.`);
    return EXIT.ok;
  });
}

function answerOf(text: string | undefined, set: readonly string[], form: Json | undefined): Json {
  const fields = Object.fromEntries(
    pairsOf(set).map(([name, value]) => [name, isTextIn(form, name) ? value : read(value)]),
  );
  if (text === undefined) return fields;
  const whole = parsed(text);
  if (set.length === 0) return whole;
  if (typeof whole !== "object" || whole === null || Array.isArray(whole))
    throw usage("--set adds fields to an object; --json is none.");
  return { ...(whole as { readonly [name: string]: Json }), ...fields };
}

/** Whether the form takes text for a field, so that `--set pin=0042` is not read as a number. */
function isTextIn(form: Json | undefined, name: string): boolean {
  const properties = isJsonObject(form) ? form["properties"] : undefined;
  const field = isJsonObject(properties) ? properties[name] : undefined;
  const type = isJsonObject(field) ? field["type"] : undefined;
  return type === "string" || (Array.isArray(type) && type.includes("string"));
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Stop(EXIT.usage, `--json is no JSON: ${cause.message}`);
  }
}

/** What reads as JSON is taken so (`true`, `3`, `[1]`); everything else is text. */
function read(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return text;
  }
}

function when(at: number | undefined): string {
  return at === undefined ? "" : new Date(at).toISOString();
}
