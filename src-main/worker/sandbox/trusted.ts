import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import type { Json, JsonObject } from "@shared/base/json";
import type { Ms } from "@shared/base/units";
import type { Outcome } from "@shared/execution/effect";
import { completed, failed, type Problem } from "../behaviour";
import { FILE_NAME, placeIn } from "./language";
import { CONSOLE_LEVELS, Logs } from "./logs";

type Body = (input: Json, context: object, console: object, require: NodeJS.Require) => Promise<unknown>;

/** Runs the body of an async function in Node itself. Busy loops are ended from outside, by killing the process. */
export async function runTrusted(
  javascript: string,
  input: Json,
  context: JsonObject,
  limits: { readonly timeoutMs: Ms; readonly signal: AbortSignal; readonly folder: string },
): Promise<Outcome> {
  const logs = new Logs();
  const stop = new AbortController();
  try {
    const body = vm.compileFunction(
      `return (async () => {\n${javascript}\n})();`,
      ["input", "context", "console", "require"],
      { filename: FILE_NAME, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
    ) as Body;
    const seen = { ...context, log: (message: unknown, level?: unknown) => logs.add(level ?? "info", say(message)) };
    const output = await Promise.race([
      body(input, seen, consoleOf(logs), createRequire(join(limits.folder, "workflow.js"))),
      stopAfter(limits.timeoutMs, limits.signal, stop.signal),
    ]);
    return output instanceof Stopped
      ? failed(output.problem, logs.lines)
      : completed(toJson(output), { logs: logs.lines });
  } catch (thrown) {
    return failed(problemOf(thrown), logs.lines);
  } finally {
    stop.abort();
  }
}

class Stopped {
  constructor(readonly problem: Problem) {}
}

function stopAfter(timeoutMs: Ms, signal: AbortSignal, done: AbortSignal): Promise<Stopped> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(new Stopped({ type: "timeout", message: `The code ran longer than ${timeoutMs / 1000} s.` })),
      timeoutMs,
    );
    const cancel = () => resolve(new Stopped({ type: "cancelled", message: "The code was stopped." }));
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    done.addEventListener("abort", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    });
  });
}

function consoleOf(logs: Logs): object {
  return Object.fromEntries(
    Object.entries(CONSOLE_LEVELS).map(([name, level]) => [
      name,
      (...words: unknown[]) => logs.add(level, words.map(say).join(" ")),
    ]),
  );
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? "null") as Json;
}

function say(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof Error) && !isErrorLike(thrown))
    return { type: "component_error", message: `Thrown: ${say(thrown)}` };
  const where = placeIn(thrown.stack ?? "", FILE_NAME);
  return {
    type: "component_error",
    message: `${thrown.name}: ${thrown.message}${where ? ` (${where.words})` : ""}`,
    ...(where ? { place: where.place } : {}),
  };
}

function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === "object" && thrown !== null && "message" in thrown && "name" in thrown;
}
