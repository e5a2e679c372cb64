import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printTrace, traceDifference } from "@shared/execution/trace";
import type { Plan } from "@shared/execution/plan";
import type { ExecutionState } from "@shared/execution/state";
import { talliesOf } from "@shared/execution/tally";
import { asRun, cases, traceFile } from "./cases";
import { runInMemory } from "./memory-driver";

for (const one of cases()) {
  test(`${one.name}: ${one.about}`, async () => {
    const { entries, breakerSteps, plan, state } = await runInMemory(asRun(one));
    const text = `# ${one.about}\n${printTrace(entries, { times: one.times === true })}${breakerSteps.map((step) => `breaker ${step}\n`).join("")}${one.rounds === true ? roundsText(plan, state) : ""}`;
    const file = traceFile(one.name);
    // Writing is asked for by name: a trace that is missing or different must never pass by itself.
    if (process.env.WRITE_TRACES === one.name || process.env.WRITE_TRACES === "all") writeFileSync(file, text);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(text);
  });
}

// What is scripted by number of events, or by who comes first, has no meaning for what is carried out together.
for (const one of cases().filter((each) => (each.order ?? each.cancelAfter ?? each.kills) === undefined)) {
  test(`${one.name}: the same in groups`, async () => {
    const { entries, status } = await runInMemory(asRun(one));
    for (const grouping of [true, "wide"] as const) {
      const grouped = await runInMemory({ ...asRun(one), grouping });
      expect(traceDifference(entries, grouped.entries)).toBeUndefined();
      expect(grouped.status).toBe(status);
    }
  });
}

/** What the members of the outermost loops did in all rounds. */
function roundsText(plan: Plan, state: ExecutionState | undefined): string {
  const all = (state?.root.slots ?? []).flatMap((slot) => Object.entries(talliesOf(plan, slot)));
  return all.map(([id, tally]) => `rounds ${id}: ${JSON.stringify(tally)}\n`).join("");
}
