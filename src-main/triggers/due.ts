import { setImmediate } from "node:timers/promises";
import { Bug } from "@shared/base/bug";
import { MOST_FIRINGS } from "@shared/contract/rehearsals";
import { type DueSpan, type DueTally, tallyDue } from "@shared/workflow/triggers/due";
import type { Workflow } from "@shared/workflow/workflow";
import { schedulesOf } from "@shared/workflow/triggers/read";

/** How often the schedules of a workflow are due in a span, as far as one rehearsal goes. */
export async function dueOf(workflow: Workflow, span: DueSpan): Promise<DueTally> {
  const schedules = schedulesOf(workflow).map(({ trigger }) => trigger);
  const tally = await tallyDue(schedules, span, MOST_FIRINGS, () => setImmediate(true));
  if (tally === undefined) throw new Bug("counting gave up, which nobody asked for");
  return tally;
}
