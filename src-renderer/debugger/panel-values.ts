import type { ComponentView } from "@shared/debug/view";
import type { ValuesAt } from "@shared/debug/values";
import type { ExecutionState } from "@shared/execution/state";
import type { Value } from "@shared/execution/value";
import { debuggerText as text } from "../text/debugger";
import { bytesText } from "../text/format";
import { nodeOf } from "./value-nodes";
import type { Root } from "./value-tree.svelte";

export type ValueTab = "input" | "config" | "parameters" | "error" | "output" | "attempts";

/** What the value panel shows: a component at a moment, or the execution when none is in focus. */
export interface PanelSource {
  readonly component: ComponentView | undefined;
  readonly values: ValuesAt | undefined;
  readonly state: ExecutionState | undefined;
}

/** The tabs there are, and whether each has something to show. */
export function tabsOf(source: PanelSource): readonly { readonly value: ValueTab; readonly filled: boolean }[] {
  const names: readonly ValueTab[] = source.component
    ? ["input", "config", "error", "output", ...(hasHistory(source) ? (["attempts"] as const) : [])]
    : ["input", "parameters", "error", "output"];
  return names.map((value) => ({
    value,
    filled: value === "attempts" || (value === "error" ? errorOf(source) !== undefined : isFilled(source, value)),
  }));
}

/** One attempt that just ran has no history worth a tab; a second one, or the chance of it, has. */
function hasHistory({ component, values }: PanelSource): boolean {
  const made = values?.attempts.length ?? 0;
  return made > 1 || (made === 1 && (component?.maxAttempts ?? 1) > 1);
}

export function errorOf({ component, state }: PanelSource) {
  return component ? component.error : state?.error;
}

/** What failed and was tolerated gives null: its error says more. */
function isFilled(source: PanelSource, tab: ValueTab): boolean {
  const value = valueOf(source, tab);
  if (value === undefined) return false;
  return !(tab === "output" && value.kind === "inline" && value.json === null && errorOf(source) !== undefined);
}

/** The value behind a tab. */
export function valueOf({ component, values, state }: PanelSource, tab: ValueTab): Value | undefined {
  if (component) {
    if (tab === "input") return values?.input;
    if (tab === "config") return values?.config;
    return tab === "output" ? values?.output : undefined;
  }
  if (tab === "input") return state?.facts.input;
  if (tab === "parameters") return state ? { kind: "object", fields: state.facts.parameters } : undefined;
  return tab === "output" ? state?.output : undefined;
}

/** The tree of a tab: the value itself, and beside an input what else is in sight. */
export function rootsOf(source: PanelSource, tab: ValueTab): readonly (Root | { readonly heading: string })[] {
  const { values, component } = source;
  const value = valueOf(source, tab);
  const own: readonly Root[] =
    value === undefined ? [] : [{ name: tab, node: nodeOf(value), open: true, ...note(value) }];
  if (tab !== "input" || !component || !values) return own;
  const outputs = values.outputs.map(({ id, output, status }): Root => ({
    name: id,
    node: output === undefined ? { kind: "json", json: null } : nodeOf(output),
    ...(output === undefined ? { failure: status } : {}),
    ...(output === undefined ? {} : note(output)),
  }));
  const scope = values.scope.map(({ name, value: one }): Root => ({ name, node: nodeOf(one), ...note(one) }));
  return [
    ...own,
    ...(outputs.length > 0 ? [{ heading: text.outputs }, ...outputs] : []),
    ...(scope.length > 0 ? [{ heading: text.scope }, ...scope] : []),
  ];
}

function note(value: Value): { readonly note?: string } {
  return value.kind === "stored" ? { note: bytesText(value.bytes) } : {};
}
