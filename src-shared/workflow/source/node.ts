import type { Json } from "../../base/json";
import type { Severity } from "../finding";

/** A node of a YAML or JSON text: its value, and where it stands. Offsets are UTF-16, ends are exclusive. */
export type SourceNode = SourceMap | SourceList | SourceScalar | SourceAlias;

interface Located {
  /** The value alone: without anchor, tag and comments. For an absent value both are where it would stand. */
  readonly start: number;
  readonly end: number;
  /** The JSON it stands for. The same object each time, so that unchanged parts can be told by identity. */
  readonly value: Json;
}

/** A mapping. */
export interface SourceMap extends Located {
  readonly kind: "map";
  readonly flow: boolean;
  /** Of a block mapping: the column (from 0) of its keys. */
  readonly column: number;
  readonly entries: readonly SourceEntry[];
}

/** A key with its value. */
export interface SourceEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Just after the colon. */
  readonly afterColon: number;
  readonly node: SourceNode;
}

/** A list. */
export interface SourceList extends Located {
  readonly kind: "list";
  readonly flow: boolean;
  /** Of a block list: the column (from 0) of its dashes. */
  readonly column: number;
  readonly items: readonly SourceItem[];
}

/** One item of a list; `start` is its dash in block style, the value's start in flow style. */
export interface SourceItem {
  readonly start: number;
  readonly node: SourceNode;
}

/** Text, a number, a boolean or null. */
export interface SourceScalar extends Located {
  readonly kind: "scalar";
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
}

/** `*name`: stands for the node with that anchor. */
export interface SourceAlias extends Located {
  readonly kind: "alias";
}

/** Something that keeps a text from being read, or a part of it from being meant. */
export interface SourceProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly severity: Severity;
  /** A stable kebab-case name: `syntax`, `duplicate-key`, `too-deep` … */
  readonly rule: string;
}

/** What was read from a text. Without `root` when it holds nothing that can be used. */
export interface Source {
  readonly root?: SourceNode;
  readonly problems: readonly SourceProblem[];
}

/** The child at a key or list position; `undefined` where there is none. */
export function childOf(node: SourceNode, at: string | number): SourceNode | undefined {
  if (node.kind === "map") return node.entries.find((entry) => entry.key === String(at))?.node;
  if (node.kind === "list") return typeof at === "number" ? node.items[at]?.node : undefined;
  return undefined;
}
