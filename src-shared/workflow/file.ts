import type { JsonObject } from "../base/json";
import type { Finding, Place } from "./finding";
import { EMPTY, EMPTY_SENTENCE, FRAGMENT, insteadOf, NO_WORKFLOW } from "./instead";
import { type Layout, layoutOf, pathInSource, wrap } from "./layout";
import { walkComponents } from "./members";
import { formatSentence, migrate } from "./migrate";
import { guard } from "./source/guard";
import { readJson } from "./source/json-source";
import { Lines } from "./source/lines";
import { offsetIn } from "./source/inside";
import { childOf, type Source, type SourceNode, type SourceProblem } from "./source/node";
import { readYaml } from "./source/yaml-source";
import { wellFormed } from "./wellformed";
import type { Path, Workflow } from "./workflow";

/** How a workflow's text is written. */
export type WorkflowFormat = "yaml" | "json";

/** A workflow's text with what it says. */
export interface WorkflowDocument {
  readonly text: string;
  readonly format: WorkflowFormat;
  /** What the text says; `undefined` when it has syntax errors or is no mapping. Wrong shapes are left out, see `problems`. */
  readonly workflow?: Workflow;
  /** Errors of syntax and shape, with line and column. `check` tells everything else. */
  readonly problems: readonly Finding[];
  /** The nodes of the text, for edits; `undefined` with `workflow`. */
  readonly root?: SourceNode;
  /** How the text holds the workflow. */
  readonly layout?: Layout;
  /** The workflow's mapping with nothing left out: what edits change. */
  readonly view?: JsonObject;
  readonly lines: Lines;
  /** The place of the value at `path` of the workflow, if it stands in the text. */
  place(path: Path): Place | undefined;
  /** The place of the key at the end of `path`; of the value where that is a list item. */
  keyPlace(path: Path): Place | undefined;
  /** The place of a whole component. */
  componentPlace(id: string): Place | undefined;
  /** The path of a component, in place ones included. */
  componentPath(id: string): Path | undefined;
  /** The place of characters `from`..`to` of the text value at `path`; the whole value where escapes hide them. */
  spanPlace(path: Path, from: number, to: number): Place | undefined;
  /** The place of the value at `path`, or of what stands nearest around it. */
  nearestPlace(path: Path): Place;
  /** The innermost component whose text is at `offset`. */
  componentAt(offset: number): string | undefined;
}

/** Whether text in a file of this name is JSON or YAML. */
export function formatOf(fileName: string): WorkflowFormat {
  return /\.json$/i.test(fileName) ? "json" : "yaml";
}

/**
 * Reads a workflow's text. Never throws: what is wrong with the text is in `problems`.
 *
 * Keeps everything: comments, unknown keys, CRLF and a byte order mark stay in `text`, which is never rewritten.
 * Parts of a workflow (a component, a list of them, a policy) are read as a workflow around them, with a finding that says so.
 */
export function readWorkflow(text: string, format: WorkflowFormat): WorkflowDocument {
  const blocked = guard(text, format);
  const source: Source =
    blocked !== undefined ? { problems: [blocked] } : format === "json" ? readJson(text) : readYaml(text);
  return new ReadDocument(text, format, source);
}

class ReadDocument implements WorkflowDocument {
  readonly workflow?: Workflow;
  readonly problems: readonly Finding[];
  readonly root?: SourceNode;
  readonly layout?: Layout;
  readonly view?: JsonObject;
  #lines?: Lines;
  #paths?: ReadonlyMap<string, Path>;

  constructor(
    readonly text: string,
    readonly format: WorkflowFormat,
    source: Source,
  ) {
    const problems: Finding[] = source.problems.map((problem) => this.#finding(problem));
    this.problems = problems;
    const unreadable = source.problems.some(
      (problem) => problem.severity === "error" && problem.rule !== "duplicate-key",
    );
    if (unreadable) return;
    if (source.root === undefined) {
      problems.push(
        this.#finding({
          from: 0,
          to: 0,
          rule: EMPTY,
          severity: "error",
          message: EMPTY_SENTENCE,
        }),
      );
      return;
    }
    const layout = layoutOf(source.root.value);
    const instead = insteadOf(source.root.value, layout);
    if (instead !== undefined) {
      const { start, end } = source.root;
      const { message, isKept } = instead;
      problems.push(
        this.#finding({
          from: start,
          to: isKept ? start : end,
          rule: NO_WORKFLOW,
          severity: isKept ? "warning" : "error",
          message,
        }),
      );
    }
    if (layout === undefined || instead?.isKept === false) return;
    this.root = source.root;
    this.layout = layout;
    this.view = wrap(source.root.value, layout);
    const migrated = migrate(this.view);
    const tooNew = formatSentence(migrated);
    if (tooNew !== undefined)
      problems.push({ rule: "format", severity: "error", place: this.nearestPlace(["apg"]), message: tooNew });
    const { workflow, problems: wrong } = wellFormed(migrated.kind === "current" ? migrated.view : this.view);
    this.workflow = workflow;
    for (const problem of wrong) {
      problems.push({
        rule: "shape",
        severity: problem.severity,
        place: this.nearestPlace(problem.path),
        message: problem.message,
      });
    }
    if (layout.kind !== "workflow" && layout.kind !== "policy" && instead === undefined)
      problems.push({
        ...this.#finding({
          from: source.root.start,
          to: source.root.start,
          rule: FRAGMENT,
          severity: "info",
          message: FRAGMENTS[layout.kind],
        }),
        ...(workflow === undefined
          ? {}
          : {
              fix: { title: "Write it as a workflow", edit: { kind: "set", path: ["id"], value: workflow.id } },
            }),
      });
  }

  get lines(): Lines {
    return (this.#lines ??= new Lines(this.text));
  }

  place(path: Path): Place | undefined {
    const node = this.#node(path);
    return node === undefined ? undefined : { ...this.lines.place(node.start, node.end), path };
  }

  keyPlace(path: Path): Place | undefined {
    const parent = path.length === 0 ? undefined : this.#node(path.slice(0, -1));
    const last = path.at(-1);
    const entry =
      parent?.kind === "map" ? parent.entries.find((candidate) => candidate.key === this.#spelled(path)) : undefined;
    if (entry === undefined) return last === undefined || typeof last === "number" ? this.place(path) : undefined;
    return { ...this.lines.place(entry.keyStart, entry.keyEnd), path };
  }

  componentPlace(id: string): Place | undefined {
    const path = this.componentPath(id);
    const place = path === undefined ? undefined : this.place(path);
    return place === undefined ? undefined : { ...place, component: id };
  }

  componentPath(id: string): Path | undefined {
    return this.#componentPaths().get(id);
  }

  componentAt(offset: number): string | undefined {
    let found: string | undefined;
    for (const [id, path] of this.#componentPaths()) {
      const node = this.#node(path);
      // Owners come before their members, so the last that holds the offset is the innermost.
      if (node !== undefined && node.start <= offset && offset <= node.end) found = id;
    }
    return found;
  }

  spanPlace(path: Path, from: number, to: number): Place | undefined {
    const node = this.#node(path);
    if (node?.kind !== "scalar" || typeof node.value !== "string") return this.place(path);
    const start = offsetIn(this.text, node, from);
    const end = offsetIn(this.text, node, to);
    if (start === undefined || end === undefined) return this.place(path);
    return { ...this.lines.place(start, end), path };
  }

  nearestPlace(path: Path): Place {
    for (let length = path.length; length > 0; length--) {
      const prefix = path.slice(0, length);
      const node = this.#node(prefix);
      if (node === undefined) continue;
      if (node.kind !== "map" && node.kind !== "list") return { ...this.lines.place(node.start, node.end), path };
      return { ...(this.keyPlace(prefix) ?? this.#firstLine(node)), path };
    }
    return { line: 1, column: 1, endLine: 1, endColumn: 1, path };
  }

  #firstLine(node: SourceNode): Place {
    const end = this.text.indexOf("\n", node.start);
    return this.lines.place(node.start, Math.min(node.end, end < 0 ? this.text.length : end));
  }

  #componentPaths(): ReadonlyMap<string, Path> {
    if (this.#paths !== undefined) return this.#paths;
    const paths = new Map<string, Path>();
    if (this.workflow !== undefined)
      walkComponents(this.workflow, ({ id }, path) => void (paths.has(id) || paths.set(id, path)));
    return (this.#paths = paths);
  }

  #spelled(path: Path): string {
    const source = this.layout === undefined ? undefined : pathInSource(path, this.layout);
    return String(source?.at(-1) ?? path.at(-1));
  }

  #node(path: Path): SourceNode | undefined {
    const source = this.layout === undefined ? undefined : pathInSource(path, this.layout);
    if (source === undefined) return undefined;
    let node = this.root;
    for (const at of source) node = node === undefined ? undefined : childOf(node, at);
    return node;
  }

  #finding(problem: SourceProblem): Finding {
    return {
      rule: problem.rule,
      severity: problem.severity,
      place: this.lines.place(problem.from, problem.to),
      message: problem.message,
    };
  }
}

const FRAGMENTS = {
  components: "This is a list of components; it is read as a workflow of them.",
  component: "This is a single component; it is read as a workflow of one.",
} as const;
