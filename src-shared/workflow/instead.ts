import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { nearest } from "../expression/nearest";
import { COMPONENT_KEYS } from "./edits/draft";
import type { Finding } from "./finding";
import { type Layout, WORKFLOW_KEYS } from "./layout";

/** Keys of older definitions and of the guide's bare forms that a workflow has beside its own. */
export const TOP_ALIASES: readonly string[] = [
  "workflow_permissions",
  "data_classification",
  "processing_rules",
  "compliance",
];

/** The rule of the finding that says what a text holds in place of a workflow. */
export const NO_WORKFLOW = "no-workflow";

/** The rule of the finding that says that a text holds nothing at all. */
export const EMPTY = "empty";

/** The rule of the finding that says that a text holds a part of a workflow which is read as a whole one. */
export const FRAGMENT = "fragment";

const HAS = "A workflow has id, name and components";

/** What is said of a text without anything in it but comments. */
export const EMPTY_SENTENCE = `This is no workflow: the text is empty. ${HAS}.`;

/** What a text holds in place of a workflow. */
export interface Instead {
  /** What it is, and what to do with it. */
  readonly message: string;
  /** Whether it is kept as a workflow that does nothing, so that it can be worked on; otherwise it cannot be read as one. */
  readonly isKept: boolean;
}

/** Keys of a workflow that any record may have. */
const DATA_HAS: ReadonlySet<string> = new Set([
  "id",
  "name",
  "version",
  "purpose",
  "description",
  "category",
  "tags",
  "metadata",
]);

/** What `root` is in place of a workflow; `undefined` for a workflow and for the parts that can be run as one. */
export function insteadOf(root: Json, layout: Layout | undefined): Instead | undefined {
  if (Array.isArray(root)) return insteadOfList(root);
  if (!isJsonObject(root) || layout === undefined) return { message: aValue(root), isKept: false };
  if (layout.kind === "policy") {
    return {
      message: `This is no workflow but a part of a component (${named(Object.keys(root))}), which does nothing by itself. Put it into a component of a workflow.`,
      isKept: true,
    };
  }
  if (layout.kind !== "workflow") return undefined;
  const keys = Object.keys(root);
  if (keys.length === 0) return { message: `This is no workflow: it is an empty mapping. ${HAS}.`, isKept: true };
  const spelled = Object.values(layout.spelled);
  const others = keys.filter((key) => !spelled.includes(key) && workflowKey(key) === undefined);
  const says = keys.some((key) => spelled.includes(key) || !DATA_HAS.has(workflowKey(key) ?? "id"));
  if (says || others.length === 0) return undefined;
  if (others.every((key) => COMPONENT_KEYS.includes(key)))
    return {
      message: `This is no workflow but a component without a type (${named(keys)}). Name its type, and put it under components: of a workflow.`,
      isKept: true,
    };
  return {
    message: isConnection(root)
      ? `This is no workflow but a connection (${named(keys)}). Put it under connections: of a workflow.`
      : `This is no workflow but other data (${named(keys)}). ${HAS}; give the data to one as its input.`,
    isKept: true,
  };
}

/** The key of a workflow that is meant by `key`. In the shortest names everything is near everything. */
function workflowKey(key: string): string | undefined {
  if (WORKFLOW_KEYS.includes(key) || TOP_ALIASES.includes(key)) return key;
  return key.length < 3 ? undefined : nearest(key, WORKFLOW_KEYS);
}

/** The findings that keep a workflow from being run: its errors, and that there is none. */
export function stopsOf<F extends Pick<Finding, "severity" | "rule">>(findings: readonly F[]): readonly F[] {
  return findings.filter(({ severity, rule }) => severity === "error" || rule === NO_WORKFLOW);
}

/** The finding that says what the text is when it is no whole workflow. */
export function insteadFinding(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ rule }) => rule === NO_WORKFLOW || rule === EMPTY || rule === FRAGMENT);
}

function insteadOfList(items: readonly Json[]): Instead | undefined {
  if (items.length === 0) return { message: `This is no workflow: it is an empty list. ${HAS}.`, isKept: true };
  if (items.some(isComponent)) return undefined;
  if (items.every(isConnection))
    return {
      message: `This is no workflow but a list of ${counted(items.length, "connection")}. Put it under connections: of a workflow.`,
      isKept: false,
    };
  const [first] = items;
  const of = items.every(isJsonObject)
    ? `${counted(items.length, "record")} (${named(Object.keys(first as JsonObject))})`
    : counted(items.length, "value");
  return {
    message: `This is no workflow but a list of ${of}. ${HAS}; give the list to one as its input.`,
    isKept: false,
  };
}

/** Whether `item` is meant as a component, though something of it may be missing. */
function isComponent(item: Json): boolean {
  if (!isJsonObject(item)) return false;
  if (typeof item["type"] === "string") return !isConnection(item);
  const keys = Object.keys(item);
  return keys.length > 0 && keys.every((key) => COMPONENT_KEYS.includes(key));
}

function isConnection(item: Json): boolean {
  return isJsonObject(item) && typeof item["source"] === "string" && typeof item["target"] === "string";
}

function aValue(root: Json): string {
  const what =
    typeof root === "string"
      ? `a piece of text (“${shortened(root)}”)`
      : root === null
        ? "nothing (null)"
        : `a single value (${String(root)})`;
  return `This is no workflow but ${what}. ${HAS}.`;
}

function shortened(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.length > 40 || line !== text.trim() ? `${line.slice(0, 40).trimEnd()}…` : line;
}

function named(keys: readonly string[]): string {
  const few = keys.slice(0, 3).map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key));
  return few.join(", ") + (keys.length > 3 ? ", …" : "");
}

function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${one}s`;
}
