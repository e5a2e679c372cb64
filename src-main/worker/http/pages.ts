import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { put, readField } from "../records/json";
import type { Pagination } from "./settings";

/** A page as it came. */
export interface Page {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json;
}

/** The address of the first page. */
export function firstPage(url: URL, pagination: Pagination | undefined): URL {
  if (pagination?.kind !== "page" || url.searchParams.has(pagination.pageParam)) return url;
  const first = new URL(url);
  first.searchParams.set(pagination.pageParam, String(pagination.startPage));
  return first;
}

/** The address of the page after `page`; `undefined` when it was the last. */
export function pageAfter(page: Page, pagination: Pagination): URL | undefined {
  switch (pagination.kind) {
    case "next_link": {
      const written = fieldOf(page.body, pagination.next) ?? linkHeader(page.headers["link"]);
      if (typeof written !== "string" || written === "") return undefined;
      if (!URL.canParse(written, page.url.href))
        return refuse(invalid(`The next link ${JSON.stringify(written)} is no URL.`));
      const next = new URL(written, page.url.href);
      return next.protocol === "http:" || next.protocol === "https:" ? next : undefined;
    }
    case "page": {
      if (listOf(page.body, pagination.items).list.length === 0) return undefined;
      const next = new URL(page.url);
      const current = Number(next.searchParams.get(pagination.pageParam) ?? pagination.startPage);
      next.searchParams.set(pagination.pageParam, String(current + 1));
      return next;
    }
    case "cursor": {
      const cursor = fieldOf(page.body, pagination.cursor);
      if ((typeof cursor !== "string" && typeof cursor !== "number") || cursor === "") return undefined;
      const next = new URL(page.url);
      next.searchParams.set(pagination.cursorParam, String(cursor));
      return next;
    }
  }
}

/** The last page's body, its list replaced by that of all pages. */
export function joinPages(
  bodies: readonly Json[],
  pagination: Pagination,
): { readonly body: Json; readonly count: number } {
  const last = bodies[bodies.length - 1] ?? null;
  const lists = bodies.map((body) => listOf(body, pagination.items));
  const all = lists.flatMap(({ list }) => list);
  const path = lists.find((one) => one.path !== undefined)?.path;
  if (path === undefined || path.length === 0) return { body: all, count: all.length };
  return { body: replaced(last, path, all), count: all.length };
}

/** The list in a body, and where it is: at `items`, the body itself, or its first list. */
export function listOf(
  body: Json,
  items: string | undefined,
): { readonly list: readonly Json[]; readonly path?: readonly string[] } {
  if (items !== undefined) {
    const list = fieldOf(body, items);
    if (Array.isArray(list)) return { list: list as readonly Json[], path: items.split(".") };
    if (list === undefined || list === null) return { list: [], path: items.split(".") };
    return refuse(invalid(`The answer has no list at "${items}".`, "config.pagination.items"));
  }
  if (Array.isArray(body)) return { list: body as readonly Json[], path: [] };
  if (!isJsonObject(body)) return { list: [] };
  const key = Object.keys(body).find((one) => Array.isArray(body[one]));
  return key === undefined ? { list: [] } : { list: body[key] as readonly Json[], path: [key] };
}

function fieldOf(body: Json, path: string): Json | undefined {
  return isJsonObject(body) ? readField(body, path) : undefined;
}

function replaced(body: Json, path: readonly string[], list: readonly Json[]): Json {
  const [key, ...rest] = path;
  if (key === undefined) return list;
  const result: { [key: string]: Json | undefined } = {};
  const from: JsonObject = isJsonObject(body) ? body : {};
  for (const name of Object.keys(from)) put(result, name, from[name]);
  put(result, key, replaced(from[key] ?? null, rest, list));
  return result;
}

/** The address of `rel="next"` in a `Link` header. */
function linkHeader(header: string | undefined): string | undefined {
  for (const part of header?.split(/,\s*(?=<)/) ?? []) {
    const found = /^<([^>]*)>(.*)$/s.exec(part.trim());
    if (found && /;\s*rel="?[^";]*\bnext\b/i.test(found[2]!)) return found[1];
  }
  return undefined;
}
