import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type Entry, RULES } from "@shared/execution/event";
import { replay } from "@shared/execution/replay";
import { printTrace } from "@shared/execution/trace";
import type { ExecutionState } from "@shared/execution/state";
import { asRun, cases } from "../golden/cases";
import { runInMemory } from "../golden/memory-driver";

/** A journal as some release wrote it, and the state it folded to then. */
interface Kept {
  readonly entries: readonly Entry[];
  readonly state: ExecutionState;
}

const folder = import.meta.dirname;
const CHOSEN = [
  "nested",
  "retries",
  "conditions",
  "parallel-failure",
  "loop-failures",
  "handler-takes-over",
  "sensitive",
  "saga",
  "saga-loop",
  "saga-nested",
  "saga-second-stop",
  "saga-unknown",
  "wait-event",
  "wait-time",
  "task-escalated",
  "branch-timeout",
  "call-time-tolerated",
  "last-good",
  "lookup-miss",
];

// A released journal is never written again; new ones are, once, when the rules have changed.
if (process.env.WRITE_JOURNALS === String(RULES)) {
  const target = join(folder, `rules-${RULES}`);
  mkdirSync(target, { recursive: true });
  for (const one of cases().filter(({ name }) => CHOSEN.includes(name))) {
    const file = join(target, `${one.name}.json`);
    if (existsSync(file)) continue;
    const { entries, state } = await runInMemory(asRun(one));
    writeFileSync(file, `${JSON.stringify({ entries, state }, null, 1)}\n`);
  }
}

const released = readdirSync(folder).filter((name) => /^rules-\d+$/.test(name));

for (const rules of released) {
  for (const file of readdirSync(join(folder, rules))) {
    test(`a journal of ${rules} still folds to what it did: ${basename(file, ".json")}`, () => {
      const kept = JSON.parse(readFileSync(join(folder, rules, file), "utf8")) as Kept;
      const replayed = replay(kept.entries);
      expect(replayed.ok && JSON.parse(JSON.stringify(replayed.value.state))).toEqual(kept.state);
      expect(printTrace(kept.entries)).toContain("settled");
    });
  }
}

test("journals of the present rules are kept", () => {
  expect(released).toContain(`rules-${RULES}`);
});
