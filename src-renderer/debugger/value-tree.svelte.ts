import { untrack } from "svelte";
import type { Fault } from "../bridge";
import { ask, client } from "../bridge";
import { isFolder, keptKey, type Key, type Node, type Page, PAGE, pageFrom, pageHere } from "./value-nodes";

/** A value at the top of the tree, with its name. */
export interface Root {
  readonly name: string;
  readonly node: Node;
  /** Open unless somebody closed it. */
  readonly open?: boolean;
  /** What stands at the end of its line, e.g. its size. */
  readonly note?: string;
  /** In place of its value, in the colour of failures. */
  readonly failure?: string;
}

/** A line of the tree. */
export interface ValueRow {
  readonly id: string;
  readonly depth: number;
  readonly kind: "value" | "range" | "loading" | "fault" | "heading";
  /** A field's name, a position, a stretch `100 … 199`, or what is said. */
  readonly label: string;
  readonly node?: Node;
  /** Undefined for a leaf. */
  readonly open?: boolean;
  readonly note?: string;
  readonly failure?: string;
}

interface Wanted {
  readonly node: Extract<Node, { kind: "kept" }>;
  readonly from: number;
}

const KEPT_PAGES = 2_000;

/** Values opened step by step: small ones are here, large ones come in pages of 100 as they are opened. */
export class ValueTree {
  #turned = $state.raw<ReadonlySet<string>>(new Set());
  #pages = $state.raw<ReadonlyMap<string, Page | { readonly fault: Fault }>>(new Map());
  readonly #asked = new Set<string>();

  constructor(readonly executionId: string) {}

  toggle(id: string): void {
    const next = new Set(this.#turned);
    if (!next.delete(id)) next.add(id);
    this.#turned = next;
  }

  #isOpen(id: string, byDefault: boolean): boolean {
    return this.#turned.has(id) !== byDefault;
  }

  /** Opens everything on the way to `keys` below the root `name`; gives the row's id. */
  reveal(name: string, keys: readonly Key[], open: readonly Root[]): string {
    let id = name;
    const turned = new Set(this.#turned);
    const set = (one: string, byDefault: boolean): void => {
      if (byDefault) turned.delete(one);
      else turned.add(one);
    };
    set(id, open.find((root) => root.name === name)?.open ?? false);
    let node = open.find((root) => root.name === name)?.node;
    for (const [at, key] of keys.entries()) {
      const page = node ? (pageHere(node, 0) ?? this.#page(node, 0)) : undefined;
      if (typeof key === "number" && page && !("fault" in page) && page.total > PAGE)
        for (const [from, to] of rangesTo(key, page.total)) set(`${id}[${from}-${to}]`, from === 0);
      id = `${id}/${key}`;
      if (at < keys.length - 1) set(id, false);
      node = page && !("fault" in page) ? page.items.find((item) => item.key === key)?.node : undefined;
    }
    this.#turned = turned;
    return id;
  }

  #page(node: Node, from: number): Page | { readonly fault: Fault } | undefined {
    return node.kind === "kept" ? this.#pages.get(`${keptKey(node)}@${from}`) : undefined;
  }

  /** The lines for `roots`, and the pages that have to be fetched for them. */
  lines(roots: readonly (Root | { readonly heading: string })[]): {
    readonly rows: readonly ValueRow[];
    readonly wanted: readonly Wanted[];
  } {
    const rows: ValueRow[] = [];
    const wanted: Wanted[] = [];
    const pageOf = (node: Node, from: number): Page | { readonly fault: Fault } | undefined => {
      const page = pageHere(node, from) ?? this.#page(node, from);
      if (page === undefined && node.kind === "kept") wanted.push({ node, from });
      return page;
    };
    const inside = (node: Node, id: string, depth: number): void => {
      const first = pageOf(node, 0);
      if (first === undefined) return void rows.push({ id: `${id}?`, depth, kind: "loading", label: "" });
      if ("fault" in first) return void rows.push({ id: `${id}!`, depth, kind: "fault", label: first.fault.what });
      if (first.total <= PAGE) return items(first, id, depth);
      stretches(node, id, depth, 0, first.total);
    };
    const items = (page: Page, id: string, depth: number): void => {
      for (const { key, node } of page.items) value(String(key), node, `${id}/${key}`, depth, false);
    };
    const stretches = (node: Node, id: string, depth: number, from: number, to: number): void => {
      const size = sizeOf(to - from);
      for (let at = from; at < to; at += size) {
        const end = Math.min(at + size, to);
        const stretch = `${id}[${at}-${end}]`;
        const open = this.#isOpen(stretch, at === 0);
        rows.push({ id: stretch, depth, kind: "range", label: `${at} … ${end - 1}`, open });
        if (!open) continue;
        if (size > PAGE) stretches(node, id, depth + 1, at, end);
        else {
          const page = pageOf(node, at);
          if (page === undefined) rows.push({ id: `${stretch}?`, depth: depth + 1, kind: "loading", label: "" });
          else if ("fault" in page)
            rows.push({ id: `${stretch}!`, depth: depth + 1, kind: "fault", label: page.fault.what });
          else items(page, id, depth + 1);
        }
      }
    };
    const value = (label: string, node: Node, id: string, depth: number, byDefault: boolean, root?: Root): void => {
      const folder = isFolder(node) && root?.failure === undefined;
      const open = folder ? this.#isOpen(id, byDefault) : undefined;
      rows.push({
        id,
        depth,
        kind: "value",
        label,
        node,
        ...(open === undefined ? {} : { open }),
        ...(root?.note === undefined ? {} : { note: root.note }),
        ...(root?.failure === undefined ? {} : { failure: root.failure }),
      });
      if (open === true) inside(node, id, depth + 1);
    };
    for (const root of roots) {
      if ("heading" in root) rows.push({ id: `#${root.heading}`, depth: 0, kind: "heading", label: root.heading });
      else value(root.name, root.node, root.name, 0, root.open ?? false, root);
    }
    return { rows, wanted };
  }

  /** Asks the host for pages, each once. */
  fetch(wanted: readonly Wanted[]): void {
    for (const { node, from } of wanted) {
      const key = `${keptKey(node)}@${from}`;
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      void ask(
        client.executions.value({
          executionId: this.executionId,
          value: node.root,
          path: [...node.path],
          from,
          limit: PAGE,
        }),
      ).then((page) => {
        // Asked while the host was away: looked at again, it is asked again.
        if (!page.ok && page.problem.code === "LOST") return void this.#asked.delete(key);
        const pages = new Map(untrack(() => this.#pages));
        pages.set(key, page.ok ? pageFrom(node, page.value) : { fault: page.problem });
        for (const oldest of pages.keys()) {
          if (pages.size <= KEPT_PAGES) break;
          pages.delete(oldest);
          this.#asked.delete(oldest);
        }
        this.#pages = pages;
      });
    }
  }
}

/** How many items a line stands for, so that there are at most 100 lines: 100, 10,000, a million … */
function sizeOf(count: number): number {
  let size = PAGE;
  while (count / size > PAGE) size *= PAGE;
  return size;
}

/** The stretches that hold the item `at`, outermost first. */
function rangesTo(at: number, total: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let from = 0;
  let to = total;
  for (;;) {
    const size = sizeOf(to - from);
    const start = from + Math.floor((at - from) / size) * size;
    const end = Math.min(start + size, to);
    found.push([start, end]);
    if (size <= PAGE) return found;
    from = start;
    to = end;
  }
}
