import { SHORTEST_SOUGHT } from "@shared/contract/privacy";
import { hiddenText } from "./asking";
import { EXIT, usage } from "./exit";
import type { OpenHost } from "./host";
import { inHost } from "./in-host";
import { counted, printJson, say } from "./output";

interface Options {
  readonly field?: string;
  readonly value: string;
  readonly workflow?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly workspace?: string;
}

/** `apg privacy erase`: what executions keep of a person goes for good. */
export async function eraseCommand(options: Options, openHost: OpenHost): Promise<number> {
  const value = (options.value === "-" ? await hiddenText("Value: ") : options.value).trim();
  const { field, workflow } = options;
  if (value === "" || (field === undefined && value.length < SHORTEST_SOUGHT))
    throw usage(`--value needs at least ${SHORTEST_SOUGHT} characters where no --field is named; nothing was removed.`);
  return inHost(openHost, options.workspace, async (host) => {
    const report = host.erase({
      ...(field === undefined ? {} : { field }),
      value,
      ...(workflow === undefined ? {} : { workflowId: workflow }),
      isTrial: options.dryRun === true,
    });
    const { executions, cached, events, underWay, elsewhere, isOverwritten } = report;
    if (options.json)
      await printJson({ executions, cached, events, under_way: underWay, elsewhere, overwritten: isOverwritten });
    const verb = options.dryRun ? "would be removed" : "removed for good";
    say(
      `${counted(executions, "execution")}, ${counted(cached, "cached value")} and ${counted(events, "event payload")} ${verb}.`,
    );
    if (underWay > 0)
      say(`${counted(underWay, "execution")} under way hold it too and stay: erase again once they ended.`);
    if (elsewhere > 0)
      say(
        `${counted(elsewhere, "execution")} hold it outside of ${field ?? "a field"} and stay; without --field they go too.`,
      );
    if (!isOverwritten)
      say(
        "Traces may be left in the database's log until all studios of this workspace are closed and this is done again.",
      );
    return underWay > 0 ? EXIT.failed : EXIT.ok;
  });
}
