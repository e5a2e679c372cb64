import { unreachable } from "../base/bug";
import type { ComponentPath } from "../base/ids";
import { isJsonObject, type Json } from "../base/json";
import type { Entry, Event } from "./event";
import type { PlanNode } from "./node";
import type { Plan } from "./plan";
import { planOf } from "./replay";
import { routeOf } from "./route";
import { REDACTED, type Value } from "./value";

/** How a trace is printed. */
export interface TraceOptions {
  /** Milliseconds since the start in each line; golden traces leave them out. */
  readonly times?: boolean;
  /** The most characters of a value. */
  readonly width?: number;
}

/**
 * A journal as text, one line an event: what people read and golden tests compare.
 *
 * @example
 * 0001  execution-started     input={"n":3}
 * 0002  prepared    a         input={"n":3}
 * 0003  > run       a         transform "Double"
 */
export function printTrace(entries: readonly Entry[], options: TraceOptions = {}): string {
  const planned = planOf(entries[0]);
  const plan = planned.ok ? planned.value : undefined;
  const started = entries[0]?.event.at ?? 0;
  const lines = entries.map(({ seq, event }) => {
    const time = options.times === true ? `${String(event.at - started).padStart(6)} ms` : "";
    const path = "path" in event ? event.path : "";
    const [what, more] = told(plan, event, options.width ?? 100);
    return `${String(seq).padStart(4, "0")}${time}  ${what.padEnd(12)} ${path.padEnd(16)} ${more}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

/** A value on one line: references by what they are, sensitive ones never. */
export function valueText(value: Value, width = 100): string {
  const text = plain(value);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/**
 * The first difference of two journals, or undefined when their traces are equal (semantics, Equal traces): times and ids
 * aside, each path has the same sequence of events, joins see the same inputs and the end is the same.
 */
export function traceDifference(a: readonly Entry[], b: readonly Entry[]): string | undefined {
  const left = byPath(a);
  const right = byPath(b);
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    const ours = left.get(path) ?? [];
    const theirs = right.get(path) ?? [];
    for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
      if (ours[at] !== theirs[at]) {
        return `${path === "" ? "the execution" : path}, event ${at + 1}: ${ours[at] ?? "nothing"} ≠ ${theirs[at] ?? "nothing"}`;
      }
    }
  }
  return undefined;
}

const BOOKKEEPING: ReadonlySet<string> = new Set(["group-started", "execution-recovered", "execution-begun"]);
const ASIDE = new Set([
  "at",
  "durationMs",
  "executionId",
  "rootId",
  "correlationId",
  "childId",
  "key",
  "id",
  "host",
  "storedAt",
]);

function byPath(entries: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { event } of entries) {
    // How work was bundled, by whom, and that somebody looked, is no part of what happened.
    if (BOOKKEEPING.has(event.kind)) continue;
    const path = "path" in event ? event.path : "";
    const list = found.get(path) ?? [];
    list.push(comparable(event));
    found.set(path, list);
  }
  return found;
}

function comparable(event: Event): string {
  const warnings = event.kind === "execution-settled" ? { warnings: [...event.warnings].sort() } : {};
  // How old a cached value was is a matter of time.
  const facts = event.kind === "attempt-completed" && event.from !== undefined ? { facts: undefined } : {};
  return JSON.stringify({ ...event, ...warnings, ...facts }, (key, value: unknown) => {
    // What a sensitive value was made of is told by ids.
    if (isJsonObject(value) && value.kind === "sensitive") return { kind: "sensitive" };
    if (ASIDE.has(key) && (typeof value === "string" || typeof value === "number")) return undefined;
    // What a sensitive value was made of is told by ids alone.
    if (key === "from" && Array.isArray(value)) return undefined;
    return isJsonObject(value) ? sorted(value) : value;
  });
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function told(plan: Plan | undefined, event: Event, width: number): readonly [string, string] {
  switch (event.kind) {
    case "execution-started":
      return [
        "execution-started",
        `input=${valueText(event.input, width)}${event.event === undefined ? "" : ` event=${valueText(event.event, width)}`}`,
      ];
    case "component-prepared":
      if (!event.run) return ["skipped", ""];
      return ["prepared", prepared(plan, event, width)];
    case "preparation-failed":
      return ["unprepared", `${event.error.type}: ${event.error.message}`];
    case "input-edited":
      return ["edited", event.input === undefined ? "" : `input=${valueText(event.input, width)}`];
    case "group-started":
      return ["group", event.paths.join(" ")];
    case "attempt-started": {
      const node = nodeAt(plan, event.path);
      const name = node?.component.name === undefined ? "" : ` "${node.component.name}"`;
      return ["> run", `${node?.type ?? "?"}${name}${event.attempt > 1 ? ` attempt ${event.attempt}` : ""}`];
    }
    case "attempt-completed":
      return [
        "completed",
        `output=${valueText(event.output, width)}${event.chosen === undefined ? "" : ` case=${event.chosen}`}${event.from === undefined ? "" : ` from ${event.from}`}${event.undoable === true ? " undoable" : ""}`,
      ];
    case "attempt-failed":
      return ["failed", `${event.error.type}: ${event.error.message}`];
    case "connections-judged":
      return [
        "judged",
        Object.entries(event.active)
          .map(([edge, active]) => connection(plan, Number(edge), active))
          .join(" "),
      ];
    case "round-judged":
      return ["while", `round ${event.round}: ${event.error?.message ?? (event.go ? "go on" : "enough")}`];
    case "timer-fired":
      return ["timer", event.timer];
    case "cache-missed":
      return ["missed", ""];
    case "recalled":
      return ["recalled", event.output === undefined ? "nothing" : `output=${valueText(event.output, width)}`];
    case "event-received":
      return ["event", valueText(event.event, width)];
    case "task-answered":
      return ["answered", `by ${event.by}: ${valueText(event.answer, width)}`];
    case "undo-requested":
      return ["undo", event.reason];
    case "log-written":
      return ["log", event.lines.map(({ level, message }) => `${level}: ${message}`).join(" | ")];
    case "cancel-requested":
      return ["cancel", event.mode === "final" ? `${event.reason} (for good)` : event.reason];
    case "outputs-failed":
      return ["outputs", `${event.error.type}: ${event.error.message}`];
    case "execution-begun":
      return ["begun", ""];
    case "execution-recovered":
      return ["recovered", ""];
    case "execution-settled": {
      const place = event.error?.component === undefined ? "" : ` in ${event.error.component}`;
      const why = event.error === undefined ? "" : ` ${event.error.type}${place}: ${event.error.message}`;
      const warned = event.warnings.length === 0 ? "" : ` warnings=${event.warnings.length}`;
      const { undo } = event;
      const counts = undo === undefined ? "" : ` undone=${undo.done} failed=${undo.failed} left=${undo.left}`;
      return ["settled", `${event.status} output=${valueText(event.output, width)}${why}${counts}${warned}`];
    }
    default:
      return unreachable(event);
  }
}

function prepared(
  plan: Plan | undefined,
  event: Extract<Event, { kind: "component-prepared" }>,
  width: number,
): string {
  const node = nodeAt(plan, event.path);
  // An owner's config holds its members, which have lines of their own.
  const isOwner = node?.kind === "parallel" || node?.kind === "loop";
  const config = isOwner ? "{}" : valueText(event.config, width);
  return [
    `input=${valueText(event.input, width)}`,
    ...(config === "{}" || config === "null" ? [] : [`config=${config}`]),
    ...(event.items === undefined ? [] : [`items=${event.items}`]),
  ].join(" ");
}

function connection(plan: Plan | undefined, edge: number, active: boolean): string {
  const target = plan?.edges[edge]?.target;
  return `${active ? "→" : "×"}${target === undefined ? edge : (plan?.nodes[target]?.id ?? edge)}`;
}

/** A journal whose definition this studio cannot plan is still worth reading. */
function nodeAt(plan: Plan | undefined, path: ComponentPath): PlanNode | undefined {
  return plan === undefined ? undefined : routeOf(plan, path)?.node;
}

function plain(value: Value): string {
  switch (value.kind) {
    case "inline":
      return JSON.stringify(value.json satisfies Json);
    case "stored":
      return `<${value.summary}>`;
    case "sensitive":
      return REDACTED;
    case "object":
      return `{${Object.entries(value.fields)
        .map(([key, field]) => `${JSON.stringify(key)}:${plain(field)}`)
        .join(",")}}`;
    case "list":
      return `[${value.items.map(plain).join(",")}]`;
    case "part":
      return `${plain(value.of)}[${JSON.stringify(value.at)}]`;
  }
}
