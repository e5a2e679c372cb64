import { isJsonObject, type Json } from "@shared/base/json";
import type { ValuePage } from "@shared/contract/executions";
import { summaryOf } from "@shared/execution/preview";
import { REDACTED, type Value } from "@shared/execution/value";

export type Key = string | number;

/** A place in a value, as far as this window has it. */
export type Node =
  | { readonly kind: "json"; readonly json: Json }
  /** Put together from other values. */
  | { readonly kind: "composed"; readonly value: Extract<Value, { kind: "object" | "list" }> }
  /** The host has it. `shown` says what is known of it here. */
  | {
      readonly kind: "kept";
      readonly root: Value;
      readonly path: readonly Key[];
      readonly shown?: { readonly summary: string; readonly json: Json };
    }
  | { readonly kind: "redacted" };

/** The fields of an object or a stretch of a list's items. */
export interface Page {
  readonly list: boolean;
  readonly total: number;
  readonly items: readonly { readonly key: Key; readonly node: Node }[];
}

/** How many items a page has at most. */
export const PAGE = 100;

export function nodeOf(value: Value): Node {
  switch (value.kind) {
    case "inline":
      return value.json === REDACTED ? { kind: "redacted" } : { kind: "json", json: value.json };
    case "sensitive":
      return { kind: "redacted" };
    case "object":
    case "list":
      return { kind: "composed", value };
    case "stored":
      return { kind: "kept", root: value, path: [], shown: { summary: value.summary, json: value.preview } };
    case "part":
      return { kind: "kept", root: value, path: [] };
  }
}

/** Whether there is something inside. */
export function isFolder(node: Node): boolean {
  const json = node.kind === "json" ? node.json : node.kind === "kept" ? node.shown?.json : undefined;
  switch (node.kind) {
    case "redacted":
      return false;
    case "composed":
      return node.value.kind === "list" ? node.value.items.length > 0 : Object.keys(node.value.fields).length > 0;
    case "json":
      return typeof json === "object" && json !== null && Object.keys(json).length > 0;
    case "kept":
      return json === undefined || (typeof json === "object" && json !== null);
  }
}

/** The page of a node that is wholly here; undefined where the host has to be asked. */
export function pageHere(node: Node, from: number): Page | undefined {
  if (node.kind === "composed") {
    const { value } = node;
    const all: readonly (readonly [Key, Value])[] =
      value.kind === "list" ? value.items.map((item, at) => [at, item] as const) : Object.entries(value.fields);
    return {
      list: value.kind === "list",
      total: all.length,
      items: all.slice(from, from + PAGE).map(([key, one]) => ({ key, node: nodeOf(one) })),
    };
  }
  if (node.kind !== "json") return undefined;
  const { json } = node;
  const list = Array.isArray(json);
  const all: readonly (readonly [Key, Json])[] = Array.isArray(json)
    ? json.map((item: Json, at) => [at, item] as const)
    : isJsonObject(json)
      ? Object.entries(json).map(([key, item]) => [key, item ?? null] as const)
      : [];
  return {
    list,
    total: all.length,
    items: all.slice(from, from + PAGE).map(([key, item]) => ({ key, node: jsonNode(item) })),
  };
}

/** What the host said of a kept node. */
export function pageFrom(node: Extract<Node, { kind: "kept" }>, page: ValuePage): Page {
  if (page.kind === "scalar") {
    const [only] = page.items;
    return {
      list: false,
      total: 1,
      items: only ? [{ key: "", node: only.redacted ? { kind: "redacted" } : jsonNode(only.json) }] : [],
    };
  }
  return {
    list: page.kind === "list",
    total: page.total,
    items: page.items.map((item) => ({
      key: item.key,
      node: item.redacted
        ? { kind: "redacted" as const }
        : item.cut
          ? {
              kind: "kept" as const,
              root: node.root,
              path: [...node.path, item.key],
              shown: { summary: item.summary, json: item.json },
            }
          : jsonNode(item.json),
    })),
  };
}

/** Names what is kept, so that a page fetched once serves every moment that shows it. */
export function keptKey({ root, path }: Extract<Node, { kind: "kept" }>): string {
  return `${valueKey(root)}/${path.map((key) => JSON.stringify(key)).join("/")}`;
}

function valueKey(value: Value): string {
  if (value.kind === "stored") return value.id;
  if (value.kind === "part") return `${valueKey(value.of)}/${JSON.stringify(value.at)}`;
  return JSON.stringify(value);
}

function jsonNode(json: Json): Node {
  return json === REDACTED ? { kind: "redacted" } : { kind: "json", json };
}

/** How a node reads in one line, and what colour it has. */
export function shortNode(node: Node): { readonly tone: "s" | "d" | "w" | "t" | "redacted"; readonly text: string } {
  switch (node.kind) {
    case "redacted":
      return { tone: "redacted", text: REDACTED };
    case "composed":
      return {
        tone: "t",
        text:
          node.value.kind === "list"
            ? `[ ${node.value.items.length} ]`
            : `{ ${Object.keys(node.value.fields).length} }`,
      };
    case "kept":
      return node.shown && (typeof node.shown.json !== "object" || node.shown.json === null)
        ? shortJson(node.shown.json)
        : { tone: "t", text: node.shown?.summary ?? "…" };
    case "json":
      return shortJson(node.json);
  }
}

function shortJson(json: Json): { readonly tone: "s" | "d" | "w" | "t"; readonly text: string } {
  if (typeof json === "string") return { tone: "s", text: JSON.stringify(json.slice(0, 400)) };
  if (typeof json === "number") return { tone: "d", text: String(json) };
  if (typeof json !== "object" || json === null) return { tone: "w", text: String(json) };
  if (Array.isArray(json)) return { tone: "t", text: json.length === 0 ? "[ ]" : `[ ${json.length} ]` };
  const values = Object.values(json);
  const first = values
    .filter((one): one is string | number | boolean => one !== null && typeof one !== "object")
    .slice(0, 2)
    .map((one) => (one === REDACTED ? "…" : JSON.stringify(typeof one === "string" ? one.slice(0, 24) : one)));
  return { tone: "t", text: values.length === 0 ? "{ }" : `{ ${values.length} } ${first.join(", ")}` };
}

/** A value's JSON in one line, for lists of changes. */
export function lineOf(json: Json | undefined): string {
  if (json === undefined) return "nothing";
  const text = JSON.stringify(json);
  return text.length > 80 ? summaryOf(json) : text;
}
