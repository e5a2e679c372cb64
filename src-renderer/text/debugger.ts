import type { Event, TimerKind } from "@shared/execution/event";
import { amount, countText, durationText } from "./format";

/** What the screen of an execution says. */
export const debuggerText = {
  title: (number: number, workflow: string) => `#${number} ${workflow}`,
  number: (number: number) => `Execution #${number}`,
  loading: "Opening the execution",
  controls: "Debug",
  continue: "Continue",
  toLive: "Back to the present",
  pause: "Pause",
  stepBack: "Step back",
  stepOver: "Step over",
  stepOn: "Step on",
  again: "Run again",
  stop: "Stop",
  stopUndoing: "End undoing; what is left stays",
  nextEvent: "Next event",
  previousEvent: "Previous event",
  toggleBreakpoint: "Set or remove a breakpoint",
  branches: "Branches",
  openBranches: "Branches, watch and breakpoints",
  values: "Values",
  openWorkflow: "Open the workflow",
  showText: "Show text",
  showCanvas: "Show canvas",
  active: (count: number) => `${countText(count)} active`,
  canvas: "Workflow",
  heldBefore: "Held before ",
  heldMore: (count: number) => `, and ${countText(count)} more`,
  reasons: {
    breakpoint: "breakpoint",
    pause: "paused",
    step: "after a step",
    recovered: "its host was gone",
  },
  pausing: "Holds what becomes ready next",
  past: (seq: number, of: number) => `The moment after event ${countText(seq)} of ${countText(of)}`,
  nobody: "No host carries it at present. It goes on when the studio or server that owns it is back.",
  spent: (ms: number) => durationText(ms),
  spentHeld: (ms: number, held: number) => `${durationText(Math.max(0, ms - held))} run, ${durationText(held)} held`,
  calledBy: "Called by",
  backTo: (title: string) => `Back to ${title}, which called it`,
  openCalled: "Open the execution it called",
  parallel: "parallel",
  round: (label: string) => `round ${Number(label) + 1}`,
  before: "before",
  tolerated: "tolerated",
  tries: (count: number) => `${countText(count)} tries`,
  watch: "Watch",
  addWatch: "Add an expression",
  watchExample: "size(input.records)",
  watchExpression: "Expression to watch",
  removeWatch: (expression: string) => `Stop watching ${expression}`,
  noWatch: "Expressions over what the component in focus sees, at the moment shown.",
  breakpoints: "Breakpoints",
  noBreakpoints: "Click a card's top left corner, or press F9.",
  breakpointOn: (name: string) => `Breakpoint on ${name}`,
  removeBreakpoint: (name: string) => `Remove the breakpoint on ${name}`,
  editCondition: (name: string) => `Condition of the breakpoint on ${name}`,
  conditionExample: "size(input) > 1000",
  hits: (count: number) => `hit ${countText(count)}`,
  muteAll: "Switch all off",
  unmuteAll: "Switch all on",
  tabs: {
    input: "Input",
    config: "Config",
    error: "Error",
    output: "Output",
    parameters: "Parameters",
    attempts: "Attempts",
  },
  valueTabs: "Values of the component",
  views: "Shown as",
  view: { tree: "Tree", table: "Table", raw: "Raw" },
  find: "Find in values",
  found: (count: number, more: boolean) => `${countText(count)}${more ? " or more" : ""} found`,
  tooLarge: "This value is too large to be searched here. Watch an expression instead.",
  outputs: "Outputs",
  scope: "Scope",
  nothing: {
    input: "It has not been prepared at this moment.",
    config: "Its config has not been evaluated at this moment.",
    output: "There is no output at this moment.",
    error: "There is no error.",
    parameters: "It takes no parameters.",
    attempts: "Nothing was tried at this moment.",
  },
  noTable: "A list or an object can be shown as a table.",
  page: (from: number, to: number, total: number) => `${countText(from)} … ${countText(to)} of ${countText(total)}`,
  previousPage: "Previous page",
  nextPage: "Next page",
  rawCut: (shown: string, all: string) => `The first ${shown} of ${all}.`,
  copy: "Copy",
  copied: "The value is copied.",
  edited: "edited",
  edit: { input: "Edit input", config: "Edit config" },
  editing: { input: "Input as JSON", config: "Config as JSON" },
  apply: "Apply",
  cancel: "Cancel",
  editLarge: "This value is too large to be edited here.",
  redactedStays: "[REDACTED] stays what it is.",
  notJson: (why: string) => `Not readable as JSON: ${why}`,
  attempt: (attempt: number, of: number) => `attempt ${attempt} of ${Math.max(attempt, of)}`,
  heldState: "held before it runs",
  rounds: (at: number, total: number | undefined) =>
    total === undefined ? `Round ${countText(at + 1)}` : `Round ${countText(at + 1)} of ${countText(total)}`,
  previousRound: "Previous round",
  nextRound: "Next round",
  whole: "The whole execution",
  bottom: "Timeline, logs and changes",
  bottomTabs: { timeline: "Timeline", logs: "Logs", changes: "Changes" },
  axis: "Laid out by",
  axes: { time: "Time", events: "Events" },
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit",
  hide: "Hide the panel",
  show: "Show the panel",
  event: (seq: number, of: number) => `Event ${countText(seq)} of ${countText(of)}`,
  live: "live",
  pastChip: "past",
  ended: "end",
  slider: "Moment of the execution",
  lanes: "Lanes",
  main: "main",
  try: (attempt: number) => `try ${attempt}`,
  backoff: "Waits before the next attempt",
  heldFor: (name: string, ms: number) => `${name} held ${durationText(ms)}`,
  noLogs: "Nothing was logged until this moment.",
  noChanges: "Nothing was changed while it was held.",
  changed: (name: string) => `Changed before ${name}`,
  status: (number: number, what: string, debug: boolean) => `${debug ? "Debugging" : "Execution"} #${number}, ${what}`,
  atEvent: (seq: number) => `at event ${countText(seq)}`,
  journalled: (count: number) => `${amount(count, "event")} journalled`,
} as const;

/** What the history of attempts says. */
export const attemptsText = {
  title: "Attempts",
  attempt: (attempt: number, of: number) => `Attempt ${countText(attempt)} of ${countText(Math.max(attempt, of))}`,
  failed: "failed",
  running: "running",
  completed: "completed",
  since: (spent: string) => `${spent} so far`,
  waited: (span: string) => `waited ${span}`,
  waits: (span: string, left: string) => `waits ${span}, ${left}`,
  retryAfter: (span: string) => `The server asked to wait ${span}.`,
  openChild: "Open the execution it called",
} as const;

/** What the list of undone steps says. */
export const undoText = {
  title: "Undo",
  recovery: "Recovery workflow",
  notice: "Notices",
  undoOf: (name: string) => `Undo of ${name}`,
  order: "In the order in which they are carried out, the last work first.",
  openChild: "Open the execution it undoes",
  done: (done: number, of: number) => `${countText(done)} of ${countText(of)} undone`,
  failed: (count: number) => `${countText(count)} not undone`,
  progress: (done: number, of: number) => `undoing, ${countText(done)} of ${countText(of)}`,
} as const;

/** What an event was, in few words; `name` is its component's. */
export function eventText(event: Event, name: string): string {
  switch (event.kind) {
    case "execution-started":
      return "The execution starts";
    case "component-prepared":
      return event.run ? `${name} is prepared` : `${name} is skipped`;
    case "preparation-failed":
      return `${name} cannot be prepared`;
    case "input-edited":
      return `${name} is changed while held`;
    case "group-started":
      return `${amount(event.paths.length, "component")} run together`;
    case "attempt-started":
      return event.attempt > 1 ? `${name} starts, try ${event.attempt}` : `${name} starts`;
    case "attempt-completed":
      return `${name} completes`;
    case "attempt-failed":
      return `${name} fails: ${event.error.message}`;
    case "connections-judged":
      return `The conditions after ${name} are judged`;
    case "round-judged":
      return event.go ? `${name} goes on with round ${event.round + 1}` : `${name} ends its rounds`;
    case "timer-fired":
      return timerText(event.timer, name);
    case "recalled":
      return event.output === undefined
        ? `${name} has no last good output`
        : `${name} goes on with its last good output`;
    case "cache-missed":
      return `${name} finds nothing cached`;
    case "event-received":
      return `${name} gets its event`;
    case "task-answered":
      return `${name} is answered by ${event.by}`;
    case "outputs-failed":
      return "The outputs cannot be evaluated";
    case "undo-requested":
      return "What it did is to be undone";
    case "log-written":
      return `${name} writes ${amount(event.lines.length, "line")}`;
    case "cancel-requested":
      return "It is stopped";
    case "execution-begun":
      return "Its turn has come";
    case "execution-recovered":
      return "Another host takes it over";
    case "execution-settled":
      return "The execution ends";
  }
}

function timerText(timer: TimerKind, name: string): string {
  switch (timer) {
    case "retry":
      return `${name} is tried again`;
    case "wait":
      return `${name} has waited`;
    case "deadline":
      return `The deadline of ${name} is over`;
    case "attempt-timeout":
      return `The attempt of ${name} has used up its time`;
    case "component-timeout":
    case "branch-timeout":
      return `${name} has used up its time`;
    case "execution-timeout":
      return "The execution has used up its time";
  }
}
