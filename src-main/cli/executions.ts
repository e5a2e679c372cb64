import type { Entry } from "@shared/execution/event";
import { EXIT, usage } from "./exit";
import type { OpenHost } from "./host";
import { duration, print, printJson, say, table } from "./output";
import { reportOf } from "./report";
import { followToTheEnd, replayed, sentenceOf } from "./run";

interface Options {
  readonly json?: boolean;
  readonly workspace?: string;
}

/** `apg executions list`. */
export async function listCommand(options: Options & { readonly limit: number }, openHost: OpenHost): Promise<number> {
  const host = await openHost(options.workspace);
  try {
    const rows = await host.executions(options.limit);
    if (options.json) await printJson(rows);
    else if (rows.length === 0) await print('No executions yet. "apg run FILE" makes one.');
    else {
      const cells = rows.map((row) => [
        row.id,
        row.workflowId,
        row.workflowVersion,
        row.lab === true ? `${row.status} (lab)` : row.status,
        new Date(row.startedAt).toISOString(),
        row.durationMs === undefined ? "" : duration(row.durationMs),
      ]);
      await print(table(["ID", "WORKFLOW", "VERSION", "STATUS", "STARTED", "TOOK"], cells));
    }
    return EXIT.ok;
  } finally {
    await host.close();
  }
}

/** `apg executions show ID`: the result as `apg run --json` gives it. */
export async function showCommand(id: string, options: Options, openHost: OpenHost): Promise<number> {
  const host = await openHost(options.workspace);
  try {
    const entries = await journalOf(host.journal(id), id);
    const report = await reportOf(replayed(entries), await host.masker(id), (value) => host.engine.read(id, value));
    if (options.json) await printJson(report);
    else {
      const rows = Object.entries(report.components).map(([name, one]) => [
        name,
        one.type,
        one.status,
        one.attempts,
        one.error ? `${one.error.type}: ${one.error.message}` : "",
      ]);
      await print(
        `${report.workflow_id} ${report.workflow_version}  ${report.status}  ${duration(report.duration_ms)}\n`,
      );
      await print(table(["COMPONENT", "TYPE", "STATUS", "ATTEMPTS", "ERROR"], rows));
    }
    return EXIT.ok;
  } finally {
    await host.close();
  }
}

/** `apg executions journal ID`: the events, one JSON object a line, or as a trace to read. */
export async function journalCommand(id: string, options: Options, openHost: OpenHost): Promise<number> {
  const host = await openHost(options.workspace);
  try {
    const entries = await journalOf(host.journal(id), id);
    if (options.json) await print(entries.map((entry) => JSON.stringify(entry)).join("\n"));
    else {
      const { printTrace } = await import("@shared/execution/trace");
      await print(printTrace(entries));
    }
    return EXIT.ok;
  } finally {
    await host.close();
  }
}

/** `apg executions stop ID`: stops it wherever it is carried, and waits until it has undone what it did. */
export async function stopCommand(id: string, options: Options, openHost: OpenHost): Promise<number> {
  const host = await openHost(options.workspace);
  // Waiting for what another host does keeps no process alive.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const answer = host.engine.cancel(id, "Stopped from the command line.");
    if (!answer.ok) throw usage(sentenceOf(answer.problem));
    const { status, undo } = await host.engine.settled(id);
    const { done = 0, failed = 0, left = 0 } = undo ?? {};
    const undone = undo === undefined ? "" : `; ${done} of ${done + failed + left} components undone`;
    say(`${id} is ${status.replaceAll("_", " ")}${undone}.`);
    return EXIT.ok;
  } finally {
    clearInterval(alive);
    await host.close();
  }
}

/** `apg resume [ID]`: takes up what no living host carries, and follows it to the end. */
export async function resumeCommand(id: string | undefined, options: Options, openHost: OpenHost): Promise<number> {
  const host = await openHost(options.workspace);
  try {
    if (id !== undefined) {
      const answer = await host.engine.resume(id);
      if (!answer.ok) throw usage(sentenceOf(answer.problem));
    }
    const ids = id === undefined ? await host.engine.resumeUnfinished() : [id];
    if (ids.length === 0) await print("There is nothing to resume.");
    let code: number = EXIT.ok;
    for (const one of ids) code = Math.max(code, await followToTheEnd(host, one, 0, options));
    return code;
  } finally {
    await host.close();
  }
}

async function journalOf(entries: AsyncIterable<Entry>, id: string): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  if (all.length === 0) throw usage(`There is no execution ${id}; "apg executions list" shows them.`);
  return all;
}
