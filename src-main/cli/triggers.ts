import type { Json } from "@shared/base/json";
import type { TriggerRow } from "@shared/contract/waiting";
import { eventProblem } from "@shared/workflow/triggers/event-type";
import { EXIT, Stop, usage } from "./exit";
import type { OpenHost } from "./host";
import { type Options, within } from "./in-host";
import { readInput } from "./input";
import { print, printJson, say, table } from "./output";

/** `apg triggers list [WORKFLOW]`. */
export async function listTriggers(id: string | undefined, options: Options, openHost: OpenHost): Promise<number> {
  return within(options, openHost, async ({ triggers }) => {
    const rows = triggers.list(id);
    if (options.json) return printJson(rows);
    if (rows.length === 0)
      return print(id === undefined ? "No workflow of this workspace has triggers." : `${id} has no triggers.`);
    const cells = rows.map((row) => [
      row.workflowId,
      row.index + 1,
      row.type,
      row.summary,
      row.enabled ? "on" : "off",
      row.nextAt === undefined ? (row.address ?? "") : new Date(row.nextAt).toISOString(),
      row.problem ?? lastOf(row),
    ]);
    return print(table(["WORKFLOW", "NO", "TYPE", "WAITS FOR", "IS", "NEXT", "LAST"], cells));
  });
}

/** `apg triggers enable|disable WORKFLOW [NUMBER]`. */
export async function enableTriggers(
  id: string,
  number: number | undefined,
  on: boolean,
  options: Options,
  openHost: OpenHost,
): Promise<number> {
  return within(options, openHost, async ({ triggers }) => {
    const rows = triggers.list(id).filter((row) => number === undefined || row.index === number - 1);
    if (rows.length === 0)
      throw usage(
        `${id} has no ${number === undefined ? "triggers" : `trigger ${number}`}; "apg triggers list" shows them.`,
      );
    for (const row of rows) {
      const done = await triggers.enable(id, row.index, on);
      if (!done.ok) throw new Stop(EXIT.failed, `${id} ${row.index + 1}: ${done.problem}`);
      const { address } = triggers.list(id)[row.index] ?? row;
      say(
        `${id} ${row.index + 1}: ${row.type} ${row.summary} is ${on ? "on" : "off"}.${on && address ? ` ${address}` : ""}`,
      );
    }
  });
}

/** `apg triggers fire WORKFLOW [NUMBER]`. */
export async function fireTrigger(
  id: string,
  number: number,
  options: Options & { readonly input?: string },
  openHost: OpenHost,
): Promise<number> {
  const input = options.input === undefined ? null : await readInput(options.input);
  return within(options, openHost, async ({ triggers }) => {
    const fired = await triggers.fire(id, number - 1, input);
    if (!fired.ok) throw new Stop(EXIT.failed, `${id} ${number}: ${fired.problem}`);
    const { executionId, queued } = fired.value;
    if (queued) say("It waits for its turn.");
    await print(executionId ?? "");
  });
}

/** `apg emit TYPE`. */
export async function emitCommand(
  type: string,
  options: { readonly json?: string; readonly input?: string; readonly workspace?: string },
  openHost: OpenHost,
): Promise<number> {
  const payload = options.input === undefined ? read(options.json) : await readInput(options.input);
  const wrong = eventProblem(type, payload);
  if (wrong !== undefined) throw usage(`${type}: ${wrong}`);
  return within(options, openHost, async ({ triggers }) => {
    const { started, woken, isHeard } = await triggers.emit(type, payload);
    await print(`${type}: started ${started}, woke ${woken}.`);
    if (!isHeard) say("No studio runs on this workspace; what listens for the event starts when one does.");
  });
}

function read(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw usage(`--json: ${error.message}.`);
  }
}

function lastOf({ last }: TriggerRow): string {
  if (last === undefined) return "";
  const what = last.message ?? last.executionId ?? "";
  return `${last.outcome} ${new Date(last.at).toISOString()} ${what}`.trim();
}
