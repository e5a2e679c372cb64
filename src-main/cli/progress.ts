import type { FollowItem } from "@shared/contract/executions";
import type { Event } from "@shared/execution/event";
import { STOPPED, UNDO } from "@shared/execution/undo-plan";
import type { ErrorReport } from "./host";
import { duration, say } from "./output";
import { Waits } from "./waits";

/** Shows on stderr how an execution gets on: a bar on a terminal, lines elsewhere, nothing when `quiet`. */
export interface Progress {
  show(item: FollowItem): void;
  end(): void;
}

/** Chooses the way of showing. `total` is how many components the workflow has. */
export async function progressOn(stream: NodeJS.WriteStream, total: number, quiet: boolean): Promise<Progress> {
  if (quiet) return { show: () => undefined, end: () => undefined };
  return stream.isTTY ? await bar(stream, total) : lines();
}

async function bar(stream: NodeJS.WriteStream, total: number): Promise<Progress> {
  const { default: library } = await import("cli-progress");
  const shown = new library.SingleBar(
    { stream, format: "{bar} {value}/{total} {step}", hideCursor: true, clearOnComplete: true, barsize: 24 },
    library.Presets.shades_classic,
  );
  const settled = new Set<string>();
  const waits = new Waits();
  shown.start(total, 0, { step: "" });
  return {
    show(item) {
      if (item.kind === "progress") shown.update({ step: `${item.path} ${item.text}` });
      if (item.kind !== "entries") return;
      for (const { event } of item.entries) {
        if (event.kind === "attempt-started") shown.update({ step: event.path });
        const id = settledBy(event);
        if (id !== undefined) settled.add(id);
      }
      // In place of the bar, which is drawn again below.
      for (const line of waits.take(item)) stream.write(`\r\u001b[K${line}\n`);
      shown.update(Math.min(total, settled.size));
    },
    end: () => shown.stop(),
  };
}

/** The id of the component an event settles, rounds counted once. */
function settledBy(event: Event): string | undefined {
  const settles =
    event.kind === "attempt-completed" ||
    event.kind === "attempt-failed" ||
    (event.kind === "component-prepared" && !event.run);
  // The steps of undoing are none of the workflow's components.
  return settles && !event.path.includes("~") ? event.path.split("/").at(-1) : undefined;
}

function lines(): Progress {
  const waits = new Waits();
  return {
    show(item) {
      if (item.kind !== "entries") return;
      for (const { event } of item.entries) {
        const text = lineOf(event);
        if (text !== undefined) say(text);
      }
      for (const line of waits.take(item)) say(line);
    },
    end: () => undefined,
  };
}

function lineOf(event: Event): string | undefined {
  switch (event.kind) {
    case "execution-started":
      return `started    ${event.definition.id} as ${event.executionId}`;
    case "component-prepared":
      return event.run ? undefined : `skipped    ${event.path}`;
    case "attempt-completed":
      return `${doneWord(event.path)}${shownPath(event.path)}${event.facts ? `  ${event.facts}` : ""}  ${duration(event.durationMs)}`;
    case "cancel-requested":
      return `stopping   ${event.reason}`;
    case "attempt-failed":
      return `failed     ${event.path}  attempt ${event.attempt}: ${reason(event.error)}`;
    case "event-received":
      return `received   ${event.path}`;
    case "task-answered":
      return `answered   ${event.path}  by ${event.by}`;
    case "execution-begun":
      return "begun      its turn in the queue has come";
    case "preparation-failed":
      return `failed     ${event.path}: ${reason(event.error)}`;
    case "log-written":
      return event.lines.map((line) => `${line.level.padEnd(9)}  ${event.path}: ${line.message}`).join("\n");
    default:
      return undefined;
  }
}

/** What a step that completed has done; the columns are the same for all. */
function doneWord(path: string): string {
  return path.endsWith(UNDO) ? "undone     " : "completed  ";
}

function shownPath(path: string): string {
  return path.endsWith(STOPPED)
    ? path.slice(0, -STOPPED.length)
    : path.endsWith(UNDO)
      ? path.slice(0, -UNDO.length)
      : path;
}

/** What failed and why, in one line. */
export function reason({ type, message, place }: ErrorReport): string {
  // Other messages name the key or line themselves.
  return `${type}: ${message}${type === "expression_error" && place !== undefined ? ` (${place})` : ""}`;
}
