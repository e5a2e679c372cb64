import type { ExecutionId } from "@shared/base/ids";
import type { Bytes } from "@shared/base/units";
import { referredBy } from "@shared/execution/opened";
import { isSealedWhole } from "@shared/execution/keep";
import type { Value } from "@shared/execution/value";
import type { Kept, Referred } from "@shared/execution/work";
import type { ValuePort, VaultPort } from "./ports";

/** Texts up to this size are read on the main thread; larger ones by the store's. */
const SMALL: Bytes = 128 * 1024;
/** Recent texts kept at hand, over all executions of the host. */
const RECENT: Bytes = 8 * 1024 * 1024;

/** A sensitive value whose vault entry is gone: the execution ended, or the workspace's key is another one. */
export type TextsProblem = { readonly kind: "gone"; readonly id: string };

/** Reads what values refer to: recent texts from memory, small ones here and now, large ones in the store's thread. */
export class Texts {
  private readonly recent = new Map<string, string>();
  private bytes = 0;

  constructor(
    private readonly values: ValuePort,
    private readonly vault: VaultPort,
  ) {}

  /** Remembers texts just written; they are likely to be read next. */
  remember(id: ExecutionId, kept: Kept): void {
    for (const { id: value, text } of kept.values) {
      if (text.length > RECENT / 4) continue;
      const key = `${id}/${value}`;
      this.bytes += text.length - (this.recent.get(key)?.length ?? 0);
      this.recent.set(key, text);
    }
    for (const [key, text] of this.recent) {
      if (this.bytes <= RECENT) break;
      this.recent.delete(key);
      this.bytes -= text.length;
    }
  }

  /** Nothing runs: what is read next is not likely to be among them. */
  forget(): void {
    this.recent.clear();
    this.bytes = 0;
  }

  /** A stored text, read here and now whatever its size. */
  stored(id: ExecutionId, value: string): string {
    return this.recent.get(`${id}/${value}`) ?? this.values.textNow(id, value);
  }

  sealed(id: ExecutionId, entry: string): string | undefined {
    return this.vault.open(id, entry);
  }

  /** All that `values` refer to. At once when everything is small or at hand; a promise when the store's thread has to read. */
  referred(id: ExecutionId, values: readonly Value[]): Referred | TextsProblem | Promise<Referred | TextsProblem> {
    const ids = { stored: new Map<string, Bytes>(), sensitive: new Set<string>(), parts: new Set<string>() };
    for (const value of values) collect(value, ids);
    const secrets: { [id: string]: string } = {};
    for (const entry of ids.parts) {
      // What a value was only made of is hidden where it is still known.
      const text = this.vault.open(id, entry);
      if (text !== undefined) secrets[entry] = text;
    }
    for (const entry of ids.sensitive) {
      const text = this.vault.open(id, entry);
      if (text === undefined) return { kind: "gone", id: entry };
      secrets[entry] = text;
    }
    const texts: { [id: string]: string } = {};
    const late: string[] = [];
    for (const [value, bytes] of ids.stored) {
      const near = this.recent.get(`${id}/${value}`);
      if (near !== undefined) texts[value] = near;
      else if (bytes <= SMALL) texts[value] = this.values.textNow(id, value);
      else late.push(value);
    }
    if (late.length === 0) return { texts, secrets };
    return Promise.all(late.map(async (value) => void (texts[value] = await this.values.text(id, value)))).then(() => ({
      texts,
      secrets,
    }));
  }
}

interface Ids {
  readonly stored: Map<string, Bytes>;
  readonly sensitive: Set<string>;
  /** Of what sensitive values were made of. */
  readonly parts: Set<string>;
}

function collect(value: Value, into: Ids): void {
  switch (value.kind) {
    case "inline":
      return;
    case "stored":
      into.stored.set(value.id, value.bytes);
      return;
    case "part":
      return collect(value.of, into);
    case "sensitive":
      into.sensitive.add(value.id);
      for (const part of value.from ?? []) into.parts.add(part);
      return;
    case "list":
      for (const item of value.items) collect(item, into);
      return;
    case "object":
      for (const field of Object.values(value.fields)) collect(field, into);
  }
}

/** The sizes of the stored texts that reading `values` takes, together. */
export function sizeOf(values: readonly Value[]): Bytes {
  const ids: Ids = { stored: new Map(), sensitive: new Set(), parts: new Set() };
  for (const value of values) collect(value, ids);
  let bytes = 0;
  for (const size of ids.stored.values()) bytes += size;
  return bytes;
}

/** `value` of one execution as another may hold it: what it refers to is copied under ids that begin with `prefix`. */
export function rehome(
  value: Value,
  prefix: string,
  textOf: (kind: "stored" | "sensitive", id: string) => string | undefined,
): { readonly value: Value; readonly kept: Kept } | TextsProblem {
  const ids = { stored: new Set<string>(), sensitive: new Set<string>() };
  referredBy(value, ids);
  const made = new Set<string>();
  partsOf(value, made);
  const names = new Map<string, string>();
  const kept = { values: [] as { id: string; text: string }[], secrets: [] as { id: string; text: string }[] };
  for (const kind of ["stored", "sensitive"] as const) {
    for (const id of ids[kind]) {
      const text = textOf(kind, id);
      if (text === undefined) return { kind: "gone", id };
      const mark = kind === "stored" ? "." : isSealedWhole(id) ? "!w" : "!";
      const name = `${prefix}${mark}${kept.values.length + kept.secrets.length}`;
      names.set(`${kind}/${id}`, name);
      kept[kind === "stored" ? "values" : "secrets"].push({ id: name, text });
    }
  }
  for (const id of made) {
    const text = names.has(`sensitive/${id}`) ? undefined : textOf("sensitive", id);
    if (text === undefined) continue;
    const name = `${prefix}!${kept.values.length + kept.secrets.length}`;
    names.set(`sensitive/${id}`, name);
    kept.secrets.push({ id: name, text });
  }
  return { value: renamed(value, names), kept };
}

/** The ids of what sensitive values within `value` were made of. */
function partsOf(value: Value, into: Set<string>): void {
  const ids: Ids = { stored: new Map(), sensitive: new Set(), parts: into };
  collect(value, ids);
}

function renamed(value: Value, names: ReadonlyMap<string, string>): Value {
  switch (value.kind) {
    case "inline":
      return value;
    case "stored":
      return { ...value, id: names.get(`stored/${value.id}`) ?? value.id };
    case "sensitive": {
      const from = value.from?.flatMap((id) => names.get(`sensitive/${id}`) ?? []) ?? [];
      const id = names.get(`sensitive/${value.id}`) ?? value.id;
      return from.length === 0 ? { kind: "sensitive", id } : { kind: "sensitive", id, from };
    }
    case "part":
      return { ...value, of: renamed(value.of, names) };
    case "list":
      return { kind: "list", items: value.items.map((item) => renamed(item, names)) };
    case "object":
      return {
        kind: "object",
        fields: Object.fromEntries(Object.entries(value.fields).map(([key, field]) => [key, renamed(field, names)])),
      };
  }
}
