import { Bug } from "@shared/base/bug";
import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { ValuePage } from "@shared/contract/executions";
import { previewOf, summaryOf } from "@shared/execution/preview";
import { REDACTED } from "@shared/execution/value";
import type { Value } from "@shared/execution/value";
import type { StoredReader } from "./stored";

/** What of a nested value a page shows, in bytes of JSON text. */
const ITEM_LIMIT = 2 * 1024;
/** Parsed texts kept for the next page, in bytes of text. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** A place within a value: JSON that was read, or a value that composes others. */
type Node =
  | { readonly kind: "json"; readonly json: Json }
  /** A long list of which only pages are read. */
  | {
      readonly kind: "pages";
      readonly id: string;
      readonly items: number;
      readonly bytes: number;
      readonly summary: string;
    }
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "redacted" };

/** Reads pages of values in the store's thread, keeping the last parsed texts so that turning pages is quick. */
export class ValueReader {
  private readonly parsed = new Map<string, { readonly json: Json; readonly bytes: number }>();
  private bytes = 0;
  /** The page of a long list that was read last. */
  private near: { readonly key: string; readonly item: number; readonly list: readonly Json[] } | undefined;

  constructor(private readonly stored: StoredReader) {}

  /** A page of what lies at `path` below `value`; `undefined` when there is nothing. */
  page(
    executionId: string,
    value: Value,
    path: readonly (string | number)[],
    from: number,
    limit: number,
  ): ValuePage | undefined {
    let node: Node | undefined = this.open(executionId, value);
    for (const step of path) node = node === undefined ? undefined : this.step(executionId, node, step);
    if (node === undefined) return undefined;
    return this.show(executionId, node, from, limit);
  }

  /** The whole value as JSON; sensitive parts are `[REDACTED]`. */
  json(executionId: string, value: Value): Json {
    const node = this.open(executionId, value);
    return this.plain(executionId, node);
  }

  /** Forgets parsed texts, so that an idle thread is small. */
  forget(): void {
    this.parsed.clear();
    this.near = undefined;
    this.bytes = 0;
  }

  private open(executionId: string, value: Value): Node {
    switch (value.kind) {
      case "inline":
        return { kind: "json", json: value.json };
      case "stored": {
        const items = this.stored.items(executionId, value.id);
        if (items !== undefined)
          return { kind: "pages", id: value.id, items, bytes: value.bytes, summary: value.summary };
        return { kind: "json", json: this.whole(executionId, value.id) };
      }
      case "sensitive":
        return { kind: "redacted" };
      case "part": {
        const part = this.step(executionId, this.open(executionId, value.of), value.at);
        return part ?? { kind: "json", json: null };
      }
      default:
        return { kind: "value", value };
    }
  }

  private step(executionId: string, node: Node, at: string | number): Node | undefined {
    if (node.kind === "redacted") return node;
    if (node.kind === "pages") {
      const json = typeof at === "number" ? this.item(executionId, node, at) : undefined;
      return json === undefined ? undefined : { kind: "json", json };
    }
    if (node.kind === "json") {
      const { json } = node;
      let found: Json | undefined;
      if (Array.isArray(json)) found = typeof at === "number" ? (json as readonly Json[])[at] : undefined;
      else if (isJsonObject(json) && Object.hasOwn(json, String(at))) found = json[String(at)];
      return found === undefined ? undefined : { kind: "json", json: found };
    }
    const { value } = node;
    let found: Value | undefined;
    if (value.kind === "list") found = typeof at === "number" ? value.items[at] : undefined;
    else if (value.kind === "object" && Object.hasOwn(value.fields, String(at))) found = value.fields[String(at)];
    return found === undefined ? undefined : this.open(executionId, found);
  }

  /** Item `at` of a list in pages; its page stays parsed for its neighbours. */
  private item(executionId: string, { id, items }: Node & { kind: "pages" }, at: number): Json | undefined {
    if (at < 0 || at >= items) return undefined;
    const key = `${executionId}/${id}`;
    const near = this.near?.key === key ? this.near : undefined;
    const page =
      near !== undefined && at >= near.item && at < near.item + near.list.length
        ? near
        : this.turn(key, executionId, id, at);
    return page.list[at - page.item];
  }

  private turn(key: string, executionId: string, id: string, at: number): NonNullable<ValueReader["near"]> {
    const page = this.stored.page(executionId, id, at);
    if (page === undefined) throw new Bug(`execution ${executionId} lacks a page of ${id}`);
    return (this.near = { key, item: page.item, list: JSON.parse(page.text) as readonly Json[] });
  }

  private whole(executionId: string, id: string): Json {
    const key = `${executionId}/${id}`;
    const kept = this.parsed.get(key);
    if (kept !== undefined) {
      this.parsed.delete(key);
      this.parsed.set(key, kept);
      return kept.json;
    }
    const text = this.stored.text(executionId, id);
    if (text === undefined) throw new Bug(`execution ${executionId} has no value ${id}`);
    const json = JSON.parse(text) as Json;
    this.parsed.set(key, { json, bytes: text.length });
    this.bytes += text.length;
    for (const [oldest, { bytes }] of this.parsed) {
      if (this.bytes <= KEPT_BYTES || oldest === key) break;
      this.parsed.delete(oldest);
      this.bytes -= bytes;
    }
    return json;
  }

  private show(executionId: string, node: Node, from: number, limit: number): ValuePage {
    const bytes = this.sizeOf(node);
    if (node.kind === "redacted") return scalar(item(0, { kind: "redacted" }, REDACTED), bytes);
    if (node.kind === "pages") {
      const count = Math.max(0, Math.min(limit, node.items - from));
      const shown = Array.from({ length: count }, (_, n) => {
        const json = this.item(executionId, node, from + n) ?? null;
        return item(from + n, { kind: "json", json }, json);
      });
      return { kind: "list", total: node.items, from, items: shown, bytes };
    }
    const keys = keysOf(node);
    if (keys === undefined) return scalar(item(0, node, node.kind === "json" ? node.json : null), bytes);
    const items = keys.slice(from, from + limit).map((key) => {
      const child = this.step(executionId, node, key) ?? { kind: "json", json: null };
      return this.shown(executionId, key, child);
    });
    return {
      kind: typeof keys[0] === "number" || isList(node) ? "list" : "object",
      total: keys.length,
      from,
      items,
      bytes,
    };
  }

  /** One line of a page. A list in pages shows its beginning: more is cut anyway. */
  private shown(executionId: string, key: string | number, child: Node): ValuePage["items"][number] {
    if (child.kind !== "pages")
      return item(key, child, child.kind === "json" ? child.json : this.plain(executionId, child));
    const first = this.stored.page(executionId, child.id, 0);
    const json = first === undefined ? [] : (JSON.parse(first.text) as readonly Json[]);
    return { ...item(key, { kind: "json", json }, json), summary: child.summary, cut: true };
  }

  private plain(executionId: string, node: Node): Json {
    if (node.kind === "redacted") return REDACTED;
    if (node.kind === "pages") return this.whole(executionId, node.id);
    if (node.kind === "json") return node.json;
    const { value } = node;
    if (value.kind === "list") return value.items.map((one) => this.plain(executionId, this.open(executionId, one)));
    if (value.kind === "object")
      return Object.fromEntries(
        Object.entries(value.fields).map(([key, one]) => [key, this.plain(executionId, this.open(executionId, one))]),
      );
    throw new Bug(`a ${value.kind} value was not opened`);
  }

  private sizeOf(node: Node): number {
    if (node.kind === "pages") return node.bytes;
    if (node.kind === "json") return JSON.stringify(node.json).length;
    return node.kind === "value" ? JSON.stringify(node.value).length : 0;
  }
}

function isList(node: Node): boolean {
  return node.kind === "json" ? Array.isArray(node.json) : node.kind === "value" && node.value.kind === "list";
}

function keysOf(node: Node): readonly (string | number)[] | undefined {
  if (node.kind === "json") {
    if (Array.isArray(node.json)) return Array.from(node.json.keys());
    return isJsonObject(node.json) ? Object.keys(node.json) : undefined;
  }
  if (node.kind === "redacted" || node.kind === "pages") return undefined;
  if (node.value.kind === "list") return Array.from(node.value.items.keys());
  return node.value.kind === "object" ? Object.keys(node.value.fields) : undefined;
}

function item(key: string | number, node: Node, json: Json): ValuePage["items"][number] {
  if (node.kind === "redacted") return { key, summary: REDACTED, json: REDACTED, cut: false, redacted: true };
  const shown = previewOf(json, ITEM_LIMIT);
  return {
    key,
    summary: summaryOf(json),
    json: shown,
    cut: JSON.stringify(shown).length < lengthUpTo(json, ITEM_LIMIT + 1),
    redacted: false,
  };
}

/** The length of `json` as text, or something above `most` without printing all of it. */
function lengthUpTo(json: Json, most: number): number {
  if (typeof json === "string") return json.length > most ? json.length : JSON.stringify(json).length;
  if (Array.isArray(json) && json.length > most) return json.length;
  return JSON.stringify(json).length;
}

function scalar(only: ValuePage["items"][number], bytes: number): ValuePage {
  return { kind: "scalar", total: 1, from: 0, items: [only], bytes };
}
