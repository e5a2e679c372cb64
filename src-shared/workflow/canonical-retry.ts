import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { AliasNote } from "./alias";
import type { Edit } from "./edit";
import type { Component, Path, RetryPolicy } from "./workflow";

/** Keys that count retries: attempts are one more. */
const COUNTS = ["max_retries", "retry_attempts", "max_retry_attempts"] as const;

/** Where retries may be told, the strongest first. */
const PLACES = ["retry_policy", "error_handling", "config"] as const;

interface Written {
  readonly path: Path;
  readonly place: (typeof PLACES)[number];
  readonly key: string;
  /** What it says in the canonical key. */
  readonly value: number;
}

/** Reads retry aliases into `retry_policy`, which wins over `error_handling`, and that over `config`. */
export function canonicalRetry(component: Component, path: Path, notes: AliasNote[]): Component {
  const counts = written(component, path, COUNTS, (retries) => retries + 1);
  const delays = written(component, path, ["retry_delay"], (seconds) => seconds * 1000);
  const fixed = component.retry_policy?.["delay_ms"];
  if (counts.length === 0 && delays.length === 0 && typeof fixed !== "number") return component;

  const policy: { -readonly [key in keyof RetryPolicy]: RetryPolicy[key] } = { ...(component.retry_policy ?? {}) };
  for (const key of [...COUNTS, "retry_delay"]) delete policy[key];
  settle(counts, "max_attempts", policy.max_attempts, path, notes, (value) => (policy.max_attempts = value));
  settle(
    delays,
    "initial_delay_ms",
    policy.initial_delay_ms ?? (typeof fixed === "number" ? fixed : undefined),
    path,
    notes,
    (value) => {
      policy.initial_delay_ms = value;
      // A pause longer than the default limit is meant to be that long.
      if (value > 30_000 && policy.max_delay_ms === undefined) policy.max_delay_ms = value;
    },
  );
  if (typeof fixed === "number") {
    delete policy["delay_ms"];
    if (policy.initial_delay_ms === undefined)
      Object.assign(policy, {
        initial_delay_ms: fixed,
        max_delay_ms: fixed,
        backoff_multiplier: 1,
        jitter: policy.jitter ?? false,
      });
  }
  const read: { [key: string]: unknown } = { ...component, retry_policy: policy };
  for (const place of ["error_handling", "config"] as const) {
    const from = component[place];
    const keys = [...counts, ...delays].filter((entry) => entry.place === place).map((entry) => entry.key);
    if (from !== undefined && keys.length > 0)
      read[place] = Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
  }
  return read as unknown as Component;
}

function written(component: Component, path: Path, keys: readonly string[], value: (raw: number) => number): Written[] {
  return PLACES.flatMap((place) => {
    const map = component[place] as JsonObject | undefined;
    if (!isJsonObject(map)) return [];
    return keys.flatMap((key): Written[] => {
      const raw: Json | undefined = map[key];
      return typeof raw === "number" ? [{ path: [...path, place, key], place, key, value: value(raw) }] : [];
    });
  });
}

function settle(
  entries: readonly Written[],
  key: string,
  own: number | undefined,
  path: Path,
  notes: AliasNote[],
  take: (value: number) => void,
): void {
  let used = own;
  for (const entry of entries) {
    const place = `retry_policy.${key}`;
    const name = `${entry.place}.${entry.key}`;
    const remove: Edit = { kind: "remove", path: entry.path };
    if (used === undefined) {
      used = entry.value;
      take(entry.value);
      const set: Edit = { kind: "set", path: [...path, "retry_policy", key], value: entry.value };
      const message = `${name} is read as ${place}: ${entry.value}.`;
      notes.push({
        rule: "canonical-place",
        severity: "info",
        path: entry.path,
        message,
        fix: { title: `Move to ${place}`, edit: { kind: "all", edits: [set, remove] } },
      });
    } else if (used === entry.value) {
      notes.push({
        rule: "canonical-place",
        severity: "info",
        path: entry.path,
        message: `${name} says again what ${place} says.`,
        fix: { title: `Remove ${entry.key}`, edit: remove },
      });
    } else {
      const message = `${name} is ignored: ${place} is ${used}, this would be ${entry.value}.`;
      notes.push({
        rule: "conflicting-alias",
        severity: "warning",
        path: entry.path,
        message,
        fix: { title: `Remove ${entry.key}`, edit: remove },
      });
    }
  }
}
