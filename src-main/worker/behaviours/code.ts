import type { Json } from "@shared/base/json";
import type { Bytes } from "@shared/base/units";
import type { Outcome, Task } from "@shared/execution/effect";
import { failed, invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { javascriptOf, knownJavascript } from "../sandbox/language";
import { isSandboxLoaded, loadSandbox, runInSandbox } from "../sandbox/quickjs";

const STANDARD_MEMORY: Bytes = 128 * 1024 * 1024;
const STANDARD_TIMEOUT_S = 30;

/** The behaviour of `code`, once the sandbox is there: sandboxed JavaScript then answers synchronously. */
export async function loadCode(): Promise<Behaviour> {
  await loadSandbox(STANDARD_MEMORY);
  return code;
}

/** Runs `source`, sandboxed unless it asks for trust and the workspace gives it. */
export const code: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const { config, place } = task;
    const source = config["source"];
    if (typeof source !== "string") return refuse(invalid("It has no source.", "config.source"));
    const trust = config["trust"] ?? "sandboxed";
    if (trust === "trusted") {
      if (place.trusted) return runAsTrusted(source, task, tools);
      return failed({
        type: "authorization_error",
        message:
          "Trusted code runs only in a trusted workspace; trust this one in its settings, or set trust to sandboxed.",
        place: "config.trust",
      });
    }
    if (trust !== "sandboxed")
      refuse(invalid(`${JSON.stringify(trust)} is none of sandboxed, trusted.`, "config.trust"));
    const known = knownJavascript(source, config["language"]);
    if (known !== undefined && isSandboxLoaded(memoryOf(task))) return runSandboxed(known, task, tools);
    return translateAndRun(source, task, tools);
  });

async function translateAndRun(source: string, task: Task, tools: Tools): Promise<Outcome> {
  const javascript = await javascriptOf(source, task.config["language"]);
  await loadSandbox(memoryOf(task));
  return runSandboxed(javascript, task, tools);
}

function runSandboxed(javascript: string, task: Task, tools: Tools): Outcome {
  return runInSandbox(javascript, task.input, task.context ?? {}, {
    memoryBytes: memoryOf(task),
    timeoutMs: timeoutOf(task),
    signal: tools.signal,
  });
}

async function runAsTrusted(source: string, task: Task, tools: Tools): Promise<Outcome> {
  const javascript = await javascriptOf(source, task.config["language"]);
  const { runTrusted } = await import("../sandbox/trusted");
  return runTrusted(javascript, task.input, task.context ?? {}, {
    timeoutMs: timeoutOf(task),
    signal: tools.signal,
    folder: task.place.folder,
  });
}

function memoryOf({ limits }: Task): Bytes {
  return limits.memoryBytes ?? STANDARD_MEMORY;
}

function timeoutOf({ config, limits }: Task): number {
  const seconds: Json | undefined = config["timeout"] ?? undefined;
  if (seconds !== undefined && (typeof seconds !== "number" || !(seconds > 0))) {
    return refuse(invalid(`The timeout ${JSON.stringify(seconds)} is no number of seconds above 0.`, "config.timeout"));
  }
  return Math.min((seconds ?? STANDARD_TIMEOUT_S) * 1000, limits.timeoutMs ?? Infinity);
}
