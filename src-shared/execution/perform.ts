import { isJsonObject } from "../base/json";
import type { JsonObject } from "../base/json";
import type { Outcome, Task } from "./effect";
import { keeper } from "./keep";
import { redactorOf, textsIn } from "./mask";
import { openerOf } from "./opened";
import { secretFinder } from "./secret-text";
import type { SecretFinder } from "./secret-text";
import type { Finished, TaskPrivacy, Work } from "./work";

/** Reads what the work refers to and makes the task a behaviour gets. */
export function taskOf(work: Work): Task {
  const opener = openerOf(work);
  const config = opener.read(work.config).json;
  const input = opener.read(work.input).json;
  const context = work.context === undefined ? undefined : opener.read(work.context).json;
  return {
    executionId: work.executionId,
    workflowId: work.workflowId,
    path: work.path,
    attempt: work.attempt,
    key: work.key,
    correlationId: work.correlationId,
    type: work.type,
    config: isJsonObject(config) ? config : {},
    input,
    ...(context === undefined ? {} : { context: context as JsonObject }),
    sensitive: work.sensitive === undefined ? opener.sensitiveTexts() : [...opener.sensitiveTexts(), ...work.sensitive],
    limits: work.limits,
    place: work.place,
    ...(work.networkPolicy === undefined ? {} : { networkPolicy: work.networkPolicy }),
    ...(work.services === undefined ? {} : { services: work.services }),
  };
}

/** The outcome as the journal takes it: sensitive texts the task was given become references again, large parts are kept apart. */
export function finish(task: Task, outcome: Outcome, privacy?: TaskPrivacy): Finished {
  const told = outcome.kind === "completed" ? (outcome.sensitive ?? []) : [];
  const finder = secretFinder([...task.sensitive, ...told]);
  const keep = keeper(`${task.path}@${task.attempt}`, new Set(privacy?.sealed));
  const tell = speaker(task, finder, privacy);
  const clean = tell === undefined ? outcome : redacted(outcome, tell);
  if (clean.kind === "failed") return { ...clean, kept: keep.kept() };
  const { sensitive: _told, ...rest } = clean;
  return { ...rest, output: keep.keep(clean.output, finder), kept: keep.kept() };
}

/** What a line may tell of the task. */
function speaker(
  { config, input }: Task,
  finder: SecretFinder | undefined,
  privacy: TaskPrivacy | undefined,
): ((line: string) => string) | undefined {
  const personal = redactorOf([...textsIn([config, input], new Set(privacy?.unlogged)), ...(privacy?.texts ?? [])]);
  if (finder === undefined) return personal;
  return personal === undefined ? (line) => finder.redact(line) : (line) => personal(finder.redact(line));
}

function redacted(outcome: Outcome, tell: (line: string) => string): Outcome {
  const logs =
    outcome.logs === undefined ? {} : { logs: outcome.logs.map((line) => ({ ...line, message: tell(line.message) })) };
  if (outcome.kind === "failed")
    return { ...outcome, ...logs, error: { ...outcome.error, message: tell(outcome.error.message) } };
  return {
    ...outcome,
    ...logs,
    ...(outcome.warnings === undefined ? {} : { warnings: outcome.warnings.map((warning) => tell(warning)) }),
    ...(outcome.facts === undefined ? {} : { facts: tell(outcome.facts) }),
    ...(outcome.notices === undefined
      ? {}
      : {
          notices: outcome.notices.map((notice) => ({
            ...notice,
            title: tell(notice.title),
            message: tell(notice.message),
          })),
        }),
  };
}

/** A behaviour broke: the component fails, the program goes on. */
export function broken(error: unknown): Outcome {
  const told = error instanceof Error ? error.message : String(error);
  if (isTooLong(told)) {
    const message = "It made, or was sent, a text that is longer than any that can be held; write it to a file.";
    return { kind: "failed", error: { type: "resource_limit_exceeded", message } };
  }
  return { kind: "failed", error: { type: "component_error", message: `The component broke: ${told}` } };
}

/** What the engines of JavaScript say when a text passes the longest they have: V8, and Node where it reads bytes. */
function isTooLong(told: string): boolean {
  return told === "Invalid string length" || told.startsWith("Cannot create a string longer than");
}
