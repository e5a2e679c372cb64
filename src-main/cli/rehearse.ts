import { momentOf } from "@shared/base/duration";
import { firingStatus, LATEST_BEGINNING, spanOf, type RehearsedFiring } from "@shared/contract/rehearsals";
import { EXIT, usage } from "./exit";
import { FiringsProgress, dueSentence } from "./firings-progress";
import { lineOf, reportOf, summary } from "./firings";
import type { OpenHost } from "./host";
import { print, printJson, say } from "./output";
import { openedLab, prepared, sayUnmet } from "./prepared";
import { whyNot } from "./run";
import type { RunOptions } from "./run-options";
import type { Outside } from "./outside";

/** What makes the exit code 1, as it would of a single run. */
const BAD = ["failed", "cancelled", "refused"];

type Options = RunOptions & { readonly schedule: string };

/** `apg run FILE|ID --schedule SPAN`: fires the workflow's schedules in virtual time; a line for each firing on stdout. */
export async function rehearseCommand(
  target: string,
  options: Options,
  openHost: OpenHost,
  outside: Outside,
): Promise<number> {
  const span = spanOf(options.schedule);
  if (span === undefined)
    throw usage(
      `--schedule ${options.schedule}: is no span of time, or more than ten years; write one such as 24h, 90m or 7d.`,
    );
  const from = options.from === undefined ? Date.now() : momentOf(options.from);
  if (from === undefined || from < 0 || from > LATEST_BEGINNING)
    throw usage(
      `--from ${String(options.from)}: is no moment between 1970 and 9999; write one such as 2026-03-29T00:00:00Z.`,
    );
  if (options.input !== undefined || options.param.length > 0)
    throw usage("--schedule takes neither --input nor --param: its triggers say what each execution is given.");
  const host = await openHost(options.workspace);
  host.warm();
  try {
    const { source, request } = await prepared(target, options, host, outside);
    const due = await host.due(source.definition, { from, until: from + span });
    const schedules = due.each.length;
    if (schedules === 0) throw usage(`${target}: has no schedule trigger, so there is nothing to fire.`);
    const lab = await openedLab({ ...options, virtualTime: true }, host, from);
    if (options.quiet !== true) say(dueSentence(due, from, from + span));
    const progress = new FiringsProgress(due, () => performance.now(), options.quiet === true ? () => undefined : say);
    const firings: RehearsedFiring[] = [];
    let printed = Promise.resolve();
    let started = 0;
    const rehearsing = await host.rehearse(
      {
        lab,
        workflow: source.definition,
        from,
        until: from + span,
        env: request.env,
        start: (given) =>
          host.engine.begin({
            ...request,
            ...given,
            lab,
            ...(options.seed === undefined ? {} : { seed: `${options.seed}#${(started += 1)}` }),
          }),
        why: whyNot,
      },
      (firing) => {
        firings.push(firing);
        progress.took(firing);
        if (!options.json) printed = printed.then(() => print(lineOf(firing, schedules)));
      },
    );
    let interrupts = 0;
    const onInterrupt = (): void => {
      interrupts += 1;
      if (interrupts > 2) process.exit(EXIT.interrupted);
      say(interrupts === 1 ? "Cancelling … (once more ends undoing too)" : "Ending …");
      rehearsing.stop("interrupted");
    };
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onInterrupt);
    const { cut } = await rehearsing.done.finally(() => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
    });
    await printed;
    firings.sort((a, b) => a.dueAt - b.dueAt || a.index - b.index);
    const report = reportOf(source.definition.id, from, from + span, firings);
    if (options.json) await printJson(report);
    else if (!options.quiet) say(summary(report));
    if (cut) say(`Stopped after ${firings.length} firings, the most that one rehearsal takes.`);
    sayUnmet(lab, options);
    if (interrupts > 0) return EXIT.interrupted;
    return firings.some((firing) => BAD.includes(firingStatus(firing))) ? EXIT.failed : EXIT.ok;
  } finally {
    await host.close();
  }
}
