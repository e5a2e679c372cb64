import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  RELEASE_SYNC,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from "quickjs-emscripten";
import type { Json, JsonObject } from "@shared/base/json";
import type { Bytes, Ms } from "@shared/base/units";
import type { Outcome } from "@shared/execution/effect";
import { completed, failed, type Problem } from "../behaviour";
import { asFunction, placeIn } from "./language";
import { CONSOLE_LEVELS, Logs } from "./logs";

/** What one run may cost, and who may end it. */
export interface SandboxLimits {
  readonly memoryBytes: Bytes;
  readonly timeoutMs: Ms;
  readonly signal: AbortSignal;
}

const FILE = "component.js";
/** Deeper recursion than this would overflow the host's own stack before QuickJS notices. */
const STACK_BYTES: Bytes = 192 * 1024;
/** What a single allocation beyond all limits is answered with, as a RangeError or an InternalError. */
const LIMIT_MESSAGES: ReadonlySet<string> = new Set([
  "invalid array buffer length",
  "invalid string length",
  "string too long",
]);
/** WebAssembly memory never shrinks: after a run that grew it past this the module is dropped. */
const KEPT_BYTES: Bytes = 96 * 1024 * 1024;

/** What an engine takes before any code runs, beside what the code may take. */
const ENGINE_BYTES: Bytes = 4 * 1024 * 1024;
const PAGE_BYTES: Bytes = 64 * 1024;
/** The engine is built for memory of at least and at most this many pages. */
const LEAST_PAGES = 256;
const MOST_PAGES = 32_768;
/** So many modules of different sizes are kept; most code is content with the standard. */
const KEPT_MODULES = 3;

/** A trap is told by an exception, which {@link isTrap} handles; what it would print besides helps nobody. */
const quiet: object = { printErr: () => undefined };

/** Modules by the pages they may grow to. */
const modules = new Map<number, QuickJSWASMModule>();
const loading = new Map<number, Promise<QuickJSWASMModule>>();

/**
 * The engine's own limit counts no large blocks, such as those of an ArrayBuffer, so the memory itself is bounded too.
 */
function pagesFor(memoryBytes: Bytes): number {
  return Math.min(MOST_PAGES, Math.max(LEAST_PAGES, Math.ceil((memoryBytes + ENGINE_BYTES) / PAGE_BYTES)));
}

/** Loads a sandbox for code that may take `memoryBytes`, so that {@link runInSandbox} can answer at once. */
export async function loadSandbox(memoryBytes: Bytes): Promise<void> {
  const pages = pagesFor(memoryBytes);
  if (!modules.has(pages)) await load(pages);
}

async function load(pages: number): Promise<void> {
  const begun = loading.get(pages);
  const made = begun ?? newQuickJSWASMModuleFromVariant(variantOf(pages));
  loading.set(pages, made);
  const module = await made;
  if (loading.get(pages) !== made) return;
  loading.delete(pages);
  modules.set(pages, module);
  const [oldest] = modules.keys();
  if (modules.size > KEPT_MODULES && oldest !== undefined) modules.delete(oldest);
}

function variantOf(maximum: number): typeof RELEASE_SYNC {
  return newVariant(RELEASE_SYNC, {
    emscriptenModule: quiet,
    wasmMemory: () => Promise.resolve(new WebAssembly.Memory({ initial: LEAST_PAGES, maximum })),
  });
}

/** Whether {@link runInSandbox} may be called for code that may take `memoryBytes`. */
export function isSandboxLoaded(memoryBytes: Bytes): boolean {
  return modules.has(pagesFor(memoryBytes));
}

/** Leaves a module to the garbage collector and begins to load the next. */
function drop(pages: number): void {
  modules.delete(pages);
  void load(pages);
}

/** Runs the body of an async function in a JavaScript engine that sees nothing of the machine. */
export function runInSandbox(javascript: string, input: Json, context: JsonObject, limits: SandboxLimits): Outcome {
  const pages = pagesFor(limits.memoryBytes);
  const module = modules.get(pages);
  if (!module) return failed({ type: "component_error", message: "The sandbox is not loaded." });
  const logs = new Logs();
  try {
    return runOnce(module, javascript, input, context, limits, logs);
  } catch (thrown) {
    // The engine itself gave up (host stack, WebAssembly trap): its memory can no longer be trusted.
    drop(pages);
    return failed(engineProblem(thrown), logs.lines);
  }
}

function engineProblem(thrown: unknown): Problem {
  if (thrown instanceof RangeError)
    return { type: "resource_limit_exceeded", message: "The code recurses too deeply." };
  if (isTrap(thrown)) {
    return { type: "resource_limit_exceeded", message: "The code used more memory or stack than the sandbox has." };
  }
  throw thrown;
}

/** A WebAssembly trap or abort; its class is not among the types that Node's own declare. */
function isTrap(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.constructor.name === "RuntimeError";
}

function runOnce(
  module: QuickJSWASMModule,
  javascript: string,
  input: Json,
  context: JsonObject,
  limits: SandboxLimits,
  logs: Logs,
): Outcome {
  const startedAt = performance.now();
  let stopped: "timeout" | "cancelled" | undefined;
  const runtime = module.newRuntime();
  runtime.setMemoryLimit(limits.memoryBytes);
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => {
    if (limits.signal.aborted) stopped = "cancelled";
    else if (performance.now() - startedAt > limits.timeoutMs) stopped = "timeout";
    return stopped !== undefined;
  });
  const vm = runtime.newContext();
  let exhausted = false;
  try {
    const result = evaluate(vm, javascript, input, context, logs);
    if (stopped) return failed(stopProblem(stopped, limits), logs.lines);
    if (result.kind === "value") return completed(JSON.parse(result.text) as Json, { logs: logs.lines });
    // Without room for an error object the engine throws null.
    const isFull = result.error === null && memoryOf(module) > pagesFor(limits.memoryBytes) * PAGE_BYTES * 0.9;
    const problem = isFull ? outOfMemory(limits) : problemOf(result.error, limits);
    exhausted = problem.type === "resource_limit_exceeded";
    return failed(problem, logs.lines);
  } finally {
    // An engine that was interrupted or ran out of room holds on to objects and would abort when asked to free all.
    if (stopped || exhausted) drop(pagesFor(limits.memoryBytes));
    else dispose(vm, module, pagesFor(limits.memoryBytes));
  }
}

function dispose(vm: QuickJSContext, module: QuickJSWASMModule, pages: number): void {
  const { runtime } = vm;
  try {
    vm.dispose();
    runtime.dispose();
    if (memoryOf(module) > KEPT_BYTES) drop(pages);
  } catch (thrown) {
    if (!isTrap(thrown)) throw thrown;
    drop(pages);
  }
}

function stopProblem(stopped: "timeout" | "cancelled", limits: SandboxLimits): Problem {
  return stopped === "timeout"
    ? { type: "timeout", message: `The code ran longer than ${limits.timeoutMs / 1000} s.` }
    : { type: "cancelled", message: "The code was stopped." };
}

type Evaluated =
  { readonly kind: "value"; readonly text: string } | { readonly kind: "thrown"; readonly error: unknown };

function evaluate(vm: QuickJSContext, javascript: string, input: Json, context: JsonObject, logs: Logs): Evaluated {
  const handles: QuickJSHandle[] = [];
  const keep = (handle: QuickJSHandle): QuickJSHandle => {
    handles.push(handle);
    return handle;
  };
  const thrown = (error: QuickJSHandle): Evaluated => ({ kind: "thrown", error: vm.dump(keep(error)) as unknown });
  try {
    // Taken before the code runs, so that what it does to JSON harms only itself.
    const parse = keep(vm.getProp(keep(vm.getProp(vm.global, "JSON")), "parse"));
    const stringify = keep(vm.getProp(keep(vm.getProp(vm.global, "JSON")), "stringify"));
    const made = vm.evalCode(asFunction(javascript), FILE);
    if (made.error) return thrown(made.error);
    const body = keep(made.value);
    const inputHandle = vm.callFunction(parse, vm.undefined, keep(vm.newString(JSON.stringify(input))));
    if (inputHandle.error) return thrown(inputHandle.error);
    keep(inputHandle.value);
    const contextHandle = vm.callFunction(parse, vm.undefined, keep(vm.newString(JSON.stringify(context))));
    if (contextHandle.error) return thrown(contextHandle.error);
    keep(contextHandle.value);
    vm.setProp(contextHandle.value, "log", keep(logFunction(vm, logs, undefined)));
    const consoleHandle = keep(vm.newObject());
    for (const [name, level] of Object.entries(CONSOLE_LEVELS))
      vm.setProp(consoleHandle, name, keep(logFunction(vm, logs, level)));
    const called = vm.callFunction(body, vm.undefined, inputHandle.value, contextHandle.value, consoleHandle);
    if (called.error) return thrown(called.error);
    const promise = keep(called.value);
    const jobs = vm.runtime.executePendingJobs();
    if (jobs.error) return thrown(jobs.error);
    const state = vm.getPromiseState(promise);
    if (state.type === "rejected") return thrown(state.error);
    if (state.type === "pending")
      return { kind: "thrown", error: { name: "Error", message: "it waits for something that never comes" } };
    const text = vm.callFunction(stringify, vm.undefined, keep(state.value));
    if (text.error) return thrown(text.error);
    keep(text.value);
    // A function or nothing at all has no JSON text.
    return { kind: "value", text: vm.typeof(text.value) === "string" ? vm.getString(text.value) : "null" };
  } finally {
    for (const handle of handles.reverse()) if (handle.alive) handle.dispose();
  }
}

function logFunction(vm: QuickJSContext, logs: Logs, level: string | undefined): QuickJSHandle {
  return vm.newFunction(level ?? "log", (...args) => {
    const words = args.map((arg) => say(vm.dump(arg) as unknown));
    if (level !== undefined) logs.add(level, words.join(" "));
    else logs.add(args[1] ? (vm.dump(args[1]) as unknown) : "info", words[0] ?? "");
  });
}

function say(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

/** QuickJS tells its own limits by the name and text of an error; there is no other sign. */
function problemOf(error: unknown, limits: SandboxLimits): Problem {
  const { name, message, stack } = describe(error);
  const where = placeIn(stack, FILE);
  const at = where ? { place: where.place } : {};
  if ((name === "InternalError" && message === "out of memory") || LIMIT_MESSAGES.has(message))
    return { ...outOfMemory(limits), ...at };
  if (name === "InternalError" && message === "stack overflow") {
    return { type: "resource_limit_exceeded", message: "The code recurses too deeply.", ...at };
  }
  return { type: "component_error", message: `${name}: ${message}${where ? ` (${where.words})` : ""}`, ...at };
}

function outOfMemory({ memoryBytes }: SandboxLimits): Problem {
  const megabytes = Math.round(memoryBytes / 1024 / 1024);
  return { type: "resource_limit_exceeded", message: `The code used more than ${megabytes} MB of memory.` };
}

function describe(error: unknown): { readonly name: string; readonly message: string; readonly stack: string } {
  if (typeof error !== "object" || error === null) return { name: "Thrown", message: say(error), stack: "" };
  const { name, message, stack } = error as { readonly [key: string]: unknown };
  return {
    name: typeof name === "string" ? name : "Thrown",
    message: typeof message === "string" ? message : say(error),
    stack: typeof stack === "string" ? stack : "",
  };
}

function memoryOf(module: QuickJSWASMModule): Bytes {
  return module.getWasmMemory().buffer.byteLength;
}
