import { isMentioned } from "../../expression/mention";
import { retryAsked } from "../retry-asked";
import type { ComponentAt, Rule, Subject } from "./subject";
import { changesOutside } from "./side-effects";
import type { Component } from "../workflow";

/** What remote calls do when they fail, and what heavy work may use. */
export const resilience: Rule = (subject) => {
  for (const at of subject.components) {
    remoteCall(subject, at);
    fixedInterval(subject, at);
    breaker(subject, at);
    unusedBreaker(subject, at);
    unusedRetry(subject, at);
    limits(subject, at);
  }
  inSequence(subject);
};

/** Three attempts, the pauses doubling from one second. */
const RETRY = { max_attempts: 3, initial_delay_ms: 1000, backoff_multiplier: 2, jitter: true };

function remoteCall(subject: Subject, { canonical, component, path, descriptor }: ComponentAt): void {
  if (descriptor?.nature !== "remote" || retryAsked(canonical)) return;
  const handling = component.error_handling;
  // Whoever says what happens on failure has thought of it.
  if (handling?.on_failure !== undefined && handling.on_failure !== "fail") return;
  subject.report(
    "remote-call-retry",
    "warning",
    path,
    `Remote call without a retry policy: one lost packet fails ${component.name ?? component.id}.`,
    {
      at: "component",
      fix: {
        title: "Add 3 attempts with backoff",
        edit: { kind: "set", path: [...path, "retry_policy"], value: RETRY },
      },
    },
  );
}

function fixedInterval(subject: Subject, { component, path }: ComponentAt): void {
  const policy = component.retry_policy;
  if (policy === undefined) return;
  const fixed = policy["delay_ms"];
  const at = [...path, "retry_policy"];
  if (typeof fixed === "number") {
    const { delay_ms: _fixed, ...rest } = policy;
    const value = {
      ...rest,
      initial_delay_ms: policy.initial_delay_ms ?? Math.min(fixed, 1000),
      max_delay_ms: policy.max_delay_ms ?? Math.max(30_000, fixed),
      backoff_multiplier: policy.backoff_multiplier ?? 2,
      jitter: true,
    };
    subject.report(
      "fixed-retry-interval",
      "warning",
      [...at, "delay_ms"],
      "Retries at a fixed interval hit a struggling server in step; let the pauses grow.",
      { at: "key", fix: { title: "Use exponential backoff", edit: { kind: "set", path: at, value: value as never } } },
    );
  } else if (policy.backoff_multiplier === 1 && (policy.max_attempts ?? 3) > 2) {
    subject.report(
      "fixed-retry-interval",
      "warning",
      [...at, "backoff_multiplier"],
      "A multiplier of 1 keeps the pauses the same; let them grow.",
      { fix: { title: "Double the pauses", edit: { kind: "set", path: [...at, "backoff_multiplier"], value: 2 } } },
    );
  }
}

/** A breaker that counts fewer calls than it needs never opens. */
function breaker(subject: Subject, { canonical, path }: ComponentAt): void {
  const { failure_threshold: failures, minimum_request_threshold: calls } = canonical.circuit_breaker ?? {};
  if (typeof failures !== "number" || typeof calls !== "number" || calls >= failures) return;
  subject.report(
    "breaker-threshold",
    "info",
    [...path, "circuit_breaker"],
    `The breaker opens after ${failures} failures, so a minimum of ${calls} calls changes nothing.`,
  );
}

/** What these do is wait, or have others work; a breaker in front of them has no attempts to count. */
const WITHOUT_ATTEMPTS: { readonly [type: string]: string | undefined } = {
  parallel: "its members",
  loop: "its members",
  cache_lookup: "its fallback",
  wait: "what comes after it",
  human_task: "what comes after it",
};

function unusedBreaker(subject: Subject, { canonical, component, path }: ComponentAt): void {
  const instead = WITHOUT_ATTEMPTS[canonical.type];
  if (canonical.circuit_breaker === undefined || instead === undefined) return;
  const isHere = component.circuit_breaker !== undefined;
  const at = isHere ? [...path, "circuit_breaker"] : path;
  subject.report(
    "breaker-unused",
    "warning",
    at,
    `A ${canonical.type} calls nothing itself, so its breaker never opens; put it on ${instead}.`,
    isHere
      ? { at: "key", fix: { title: "Remove the breaker", edit: { kind: "remove", path: at } } }
      : { at: "component" },
  );
}

/** An owner is not started all over: its members, which may have completed, have policies of their own. */
function unusedRetry(subject: Subject, { canonical, component, path }: ComponentAt): void {
  if (!retryAsked(canonical) || (canonical.type !== "parallel" && canonical.type !== "loop")) return;
  const isHere = component.retry_policy !== undefined;
  const at = isHere ? [...path, "retry_policy"] : path;
  subject.report(
    "retry-unused",
    "warning",
    at,
    `A ${canonical.type} is not tried again as a whole, so its retry changes nothing; put it on its members.`,
    isHere
      ? { at: "key", fix: { title: "Remove the retry policy", edit: { kind: "remove", path: at } } }
      : { at: "component" },
  );
}

/** Heavy types get limits, so that one component cannot take the whole machine. */
function limits(subject: Subject, { component, canonical, path, descriptor }: ComponentAt): void {
  if (component.resource_limits !== undefined) return;
  const { layout } = subject.document;
  const isFragment = layout?.kind === "policy" && layout.under !== undefined;
  const isHeavy = descriptor?.type === "code" && canonical.config?.["trust"] === "trusted";
  if (!isHeavy && !isFragment) return;
  const value = { memory_mb: 1024, timeout_seconds: 300 };
  subject.report(
    "no-resource-limits",
    "info",
    path,
    `${component.name ?? component.id} may use all memory and time there is; give it limits.`,
    {
      at: "component",
      fix: { title: "Add limits", edit: { kind: "set", path: [...path, "resource_limits"], value } },
    },
  );
}

/** Whether what follows may need what a statement has made, though nothing names it. */
function preparesTables({ type, config }: Component): boolean {
  const query = config?.["query"];
  return type === "database" && typeof query === "string" && !/^\s*(?:select|with)\b/i.test(query);
}

/** Remote calls in a row that do not need one another. Steps that change something may be in a row for a reason. */
function inSequence(subject: Subject): void {
  const undone = subject.document.workflow?.compensation ?? {};
  for (const scope of subject.graph.scopes) {
    if (!scope.implied || scope.members.length < 3) continue;
    const members = new Set(scope.members);
    const calls = scope.members
      .map((id) => subject.graph.byId.get(id)!)
      .filter((node) => subject.descriptorOf(node.component.type)?.nature === "remote");
    if (calls.length < 3) continue;
    const independent = calls.filter(({ id, component, incoming }) => {
      if (id in undone || changesOutside(component) || preparesTables(component)) return false;
      const said = JSON.stringify([component.config ?? null, component.condition ?? null]);
      const named = said.match(/[a-z][a-z0-9_]*/g) ?? [];
      const usesInput = isMentioned(said, "input") && incoming.length > 0;
      return !usesInput && !named.some((word) => word !== component.id && members.has(word));
    });
    if (independent.length < 3) continue;
    const node = independent[0]!;
    subject.report(
      "sequential-calls",
      "info",
      node.path,
      `${independent.map((each) => each.id).join(", ")} do not need one another; branches of a parallel would run them at the same time.`,
      { at: "component" },
    );
  }
}
