import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERROR_TYPES, type ErrorType } from "@shared/execution/error";
import { runInMemory } from "./memory-driver";
import { STRATEGIES, type Strategy, strategyRun } from "./strategies";

async function outcomeOf(strategy: Strategy, type: ErrorType): Promise<string> {
  const { state } = await runInMemory(strategyRun(strategy, type));
  const [first, ...rest] = (state?.root.slots ?? []).map(({ status, attempts, tolerated }) =>
    [status, attempts.length > 1 ? `x${attempts.length}` : "", tolerated === undefined ? "" : "tolerated"]
      .filter((part) => part !== "")
      .join(" "),
  );
  return `a ${first}, b ${rest[0]}, h ${rest[1]}: ${state?.status}`;
}

test("every strategy does the same with every type of error as before", async () => {
  const lines: string[] = [];
  for (const strategy of STRATEGIES) {
    lines.push(strategy.name);
    const types = new Map<string, ErrorType[]>();
    for (const type of ERROR_TYPES) {
      const outcome = await outcomeOf(strategy, type);
      types.set(outcome, [...(types.get(outcome) ?? []), type]);
    }
    for (const [outcome, of] of types) lines.push(`  ${outcome}`, `    ${of.join(" ")}`);
  }
  const text = `${lines.join("\n")}\n`;
  const file = join(import.meta.dirname, "strategies.table");
  if (process.env.WRITE_TRACES === "strategies") writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(text);
});
