import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { Json } from "@shared/base/json";
import type { Outcome } from "@shared/execution/effect";
import type { ErrorType } from "@shared/execution/error";
import type { Workflow } from "@shared/workflow/workflow";
import type { Happening, MemoryRun, ScriptedAttempt } from "./memory-driver";

/** What a case says of one attempt: a value, an evaluated config key given back, or a failure. */
export interface ScriptedOutcome {
  readonly ok?: Json;
  readonly echo?: string;
  /** The called execution can be undone. */
  readonly undoable?: true;
  /** What the component tells beside its output. */
  readonly facts?: string;
  readonly fail?: ErrorType;
  /** It is certain that nothing was sent. */
  readonly unsent?: true;
  readonly message?: string;
  readonly retryAfterMs?: number;
  /** The call goes on until its time is up; a driver that carries out what is called has it from there. */
  readonly late?: true;
}

/** A golden case: a definition, what its components do, and the trace that comes of it. */
export interface Case {
  readonly name: string;
  readonly about: string;
  readonly workflow: Workflow;
  /** The workflows it calls, by id, for drivers that carry them out; `outcomes` says the same of the calls. */
  readonly workflows?: { readonly [id: string]: Workflow };
  readonly input?: Json;
  readonly parameters?: { readonly [name: string]: Json };
  readonly sensitive?: readonly string[];
  /** By path or id; a list has one entry an attempt. */
  readonly outcomes?: { readonly [path: string]: ScriptedOutcome | readonly ScriptedOutcome[] };
  /** The last good outputs of components, by id. */
  readonly lastGood?: { readonly [id: string]: Json };
  /** What the cache holds, by key. */
  readonly cached?: { readonly [key: string]: Json };
  /** Paths (or ids) in the order their outcomes arrive; all others as they come. */
  readonly order?: readonly string[];
  /** What comes from outside, in order. */
  readonly happenings?: readonly Happening[];
  readonly cancelAfter?: number | readonly number[];
  /** After these many events the host dies. */
  readonly kills?: readonly number[];
  /** Whether the trace has times. */
  readonly times?: boolean;
  /** Whether what the members of loops did in all their rounds stands below the trace. */
  readonly rounds?: boolean;
}

const folder = join(import.meta.dirname, "cases");

/** All cases, by name. */
export function cases(): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({
      name: basename(file, ".yaml"),
      ...(parse(readFileSync(join(folder, file), "utf8")) as Omit<Case, "name">),
    }));
}

/** Where the trace of a case is kept. */
export function traceFile(name: string): string {
  return join(folder, `${name}.trace`);
}

/** The outcome that `test` scripts for an attempt; `ID done` where it says nothing. */
export function scripted(test: Case, attempt: ScriptedAttempt): Outcome {
  const { path, type, config } = attempt;
  const id = path.slice(path.lastIndexOf("/") + 1);
  const said = test.outcomes?.[path] ?? test.outcomes?.[id] ?? {};
  const one: ScriptedOutcome = isList(said) ? (said[Math.min(attempt.attempt, said.length) - 1] ?? {}) : said;
  if (one.fail !== undefined) {
    const retryAfter = one.retryAfterMs === undefined ? {} : { retryAfterMs: one.retryAfterMs };
    const unsent = one.unsent === undefined ? {} : { unsent: one.unsent };
    return { kind: "failed", error: { type: one.fail, message: one.message ?? one.fail, ...retryAfter, ...unsent } };
  }
  const settings = config as { readonly [key: string]: Json };
  if (one.echo !== undefined) return { kind: "completed", output: settings[one.echo] ?? null };
  if (type === "decision") {
    const chosen = (settings.cases as readonly { id: string; condition: boolean }[]).find(
      ({ condition }) => condition,
    )?.id;
    return {
      kind: "completed",
      output: { case: chosen ?? null, value: attempt.input },
      ...(chosen === undefined ? {} : { chosen }),
    };
  }
  if (type === "merge") return { kind: "completed", output: attempt.input };
  const undoable = one.undoable === undefined ? {} : { undoable: one.undoable };
  const facts = one.facts === undefined ? {} : { facts: one.facts };
  return { kind: "completed", output: one.ok === undefined ? `${id} done` : one.ok, ...undoable, ...facts };
}

/** Whether an attempt of a call goes on until it is stopped. */
function isLate({ outcomes = {} }: Case, path: string, attempt: number): boolean {
  const said = outcomes[path] ?? {};
  return (isList(said) ? said[Math.min(attempt, said.length) - 1] : said)?.late === true;
}

/** `test` as the memory driver takes it. */
export function asRun(test: Case): MemoryRun {
  return {
    definition: test.workflow,
    input: test.input ?? null,
    parameters: test.parameters ?? {},
    sensitive: test.sensitive ?? [],
    script: (attempt) => scripted(test, attempt),
    late: (path, attempt) => isLate(test, path, attempt),
    ...(test.lastGood === undefined ? {} : { lastGood: test.lastGood }),
    ...(test.cached === undefined ? {} : { cached: test.cached }),
    ...(test.order === undefined ? {} : { order: test.order }),
    ...(test.cancelAfter === undefined ? {} : { cancelAfter: test.cancelAfter }),
    ...(test.happenings === undefined ? {} : { happenings: test.happenings }),
    ...(test.kills === undefined ? {} : { kills: test.kills }),
  };
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
