import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printTrace } from "@shared/execution/trace";
import { asRun, cases, traceFile } from "./cases";
import { runInMemory } from "./memory-driver";

for (const one of cases()) {
  test(`${one.name}: ${one.about}`, async () => {
    const { entries, breakerSteps } = await runInMemory(asRun(one));
    const text = `# ${one.about}\n${printTrace(entries, { times: one.times === true })}${breakerSteps.map((step) => `breaker ${step}\n`).join("")}`;
    const file = traceFile(one.name);
    // Writing is asked for by name: a trace that is missing or different must never pass by itself.
    if (process.env.WRITE_TRACES === one.name || process.env.WRITE_TRACES === "all") writeFileSync(file, text);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(text);
  });
}
