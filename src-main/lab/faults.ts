import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLMap } from "yaml";
import type { Json } from "@shared/base/json";
import { durationOf } from "@shared/base/duration";
import { fail, ok, type Result } from "@shared/base/result";
import type { Ms } from "@shared/base/units";
import { ERROR_TYPES, type ErrorType } from "@shared/components/error-types";

/** What a fault does to an attempt instead of, or after, carrying it out late. */
export type FaultEffect =
  | { readonly kind: "timeout" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMs?: Ms }
  | { readonly kind: "reset" }
  /** The attempt completes with this as its answer's body. */
  | { readonly kind: "body"; readonly body: Json }
  | { readonly kind: "error"; readonly type: ErrorType; readonly message: string }
  /** The host dies on the spot, as of `kill -9`. */
  | { readonly kind: "crash" };

/** A stretch of the laboratory's time, counted from its beginning. */
export interface Stretch {
  readonly afterMs: Ms;
  readonly forMs: Ms;
}

/** What is to go wrong on purpose with attempts of a component. */
export interface Fault {
  /** A component's id or path; `*` stands for anything. Undoing has the id `ID~undo`. */
  readonly component: string;
  /** Only these attempts, counted from 1. */
  readonly attempts?: readonly number[];
  /** Only in these rounds of the innermost loop, counted from 0. */
  readonly rounds?: readonly number[];
  /** Only attempts that begin in it. */
  readonly during?: Stretch;
  /** Of an attempt being hit, from the seed: the same file always hits the same ones. */
  readonly probability: number;
  readonly latencyMs?: Ms;
  readonly effect?: FaultEffect;
}

/** A faults file read. */
export interface FaultPlan {
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** The host dies when this many attempts have started. */
  readonly crashAtStep?: number;
  /** When the machine sleeps: in virtual time nothing is due meanwhile, and all of it when it wakes. */
  readonly asleep?: readonly Stretch[];
}

/** What is wrong with a faults file, and where; lines and columns count from 1. */
export interface FaultsProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const TOP = ["seed", "faults", "crash_host_at_step", "asleep"];
const STRETCH = ["after", "for"];
const EFFECTS = ["timeout", "status", "reset", "body", "error", "crash_host"] as const;
const KEYS: readonly string[] = [
  "component",
  "attempts",
  "rounds",
  "during",
  "probability",
  "latency_ms",
  "retry_after",
  ...EFFECTS,
];

/** The longest faults file, in characters: some thousand faults. The library takes time by the square of a mapping's keys. */
const LONGEST = 100_000;

/** Reads a faults file (YAML or JSON). Everything that is wrong is told, not just the first. */
export function readFaults(text: string): Result<FaultPlan, readonly FaultsProblem[]> {
  if (text.length > LONGEST) {
    const message = `A faults file has at most ${LONGEST} characters; this one has ${text.length}.`;
    return fail([{ line: 1, column: 1, message }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const reader = new Reader(lines);
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    reader.problems.push({
      line,
      column: col,
      message: (error.message.split("\n")[0] ?? "").replace(/ at line .*$/, ""),
    });
  }
  visit(document, {
    Alias: (_key, alias) => reader.report(alias, "A faults file knows no aliases; write the value out."),
  });
  if (reader.problems.length > 0) return fail(reader.problems);
  const plan = reader.plan(document.contents);
  return reader.problems.length === 0 ? ok(plan) : fail(reader.problems);
}

class Reader {
  readonly problems: FaultsProblem[] = [];

  constructor(private readonly lines: LineCounter) {}

  plan(root: Node | null): FaultPlan {
    if (!isMap(root)) {
      this.report(root, "A faults file is a mapping with the key faults.");
      return { seed: "", faults: [] };
    }
    this.onlyKeys(root, TOP);
    const list = root.get("faults", true) as Node | undefined;
    const crash = this.number(
      root,
      "crash_host_at_step",
      (value) => Number.isInteger(value) && value > 0,
      "a whole number from 1",
    );
    const faults = isSeq(list) ? list.items.map((item) => this.fault(item as Node)) : [];
    const sleeps = root.get("asleep", true) as Node | undefined;
    const asleep = isSeq(sleeps) ? sleeps.items.map((item) => this.stretch(item as Node, "asleep")) : undefined;
    if (sleeps !== undefined && asleep === undefined)
      this.report(sleeps, "asleep is a list of stretches such as {after: 2h, for: 30m}.");
    if (!isSeq(list) && crash === undefined && asleep === undefined)
      this.report(list ?? root, "faults is a list of what is to go wrong.");
    const seed = root.get("seed");
    return {
      seed: seed === undefined || seed === null ? "1" : String(seed as string | number),
      faults,
      ...(crash === undefined ? {} : { crashAtStep: crash }),
      ...(asleep === undefined ? {} : { asleep }),
    };
  }

  private stretch(node: Node, name: string): Stretch {
    const written = isMap(node) ? (node.toJSON() as { readonly after?: Json; readonly for?: Json }) : {};
    if (isMap(node)) this.onlyKeys(node, STRETCH);
    const [afterMs, forMs] = [durationOf(written.after ?? 0), durationOf(written.for)];
    if (afterMs === undefined || forMs === undefined)
      this.report(node, `${name} takes stretches such as {after: 2h, for: 30m}, counted from the start.`);
    return { afterMs: afterMs ?? 0, forMs: forMs ?? 0 };
  }

  private fault(node: Node): Fault {
    if (!isMap(node)) {
      this.report(node, "A fault is a mapping with component and what happens to it.");
      return { component: "", probability: 0 };
    }
    this.onlyKeys(node, KEYS);
    const component = node.get("component");
    if (typeof component !== "string" || component === "")
      this.report(node, "A fault needs component: an id, a path, or a pattern with *.");
    const attempts = this.numbers(node, "attempts", 1);
    const rounds = this.numbers(node, "rounds", 0);
    const during = node.has("during") ? this.stretch(node.get("during", true) as Node, "during") : undefined;
    const probability = this.number(node, "probability", (value) => value >= 0 && value <= 1, "a number from 0 to 1");
    const latency = this.number(node, "latency_ms", (value) => value >= 0, "milliseconds from 0");
    const effect = this.effect(node);
    if (effect === undefined && latency === undefined)
      this.report(node, `A fault says what happens: latency_ms or one of ${EFFECTS.join(", ")}.`);
    return {
      component: String(component),
      probability: probability ?? 1,
      ...(attempts === undefined ? {} : { attempts }),
      ...(rounds === undefined ? {} : { rounds }),
      ...(during === undefined ? {} : { during }),
      ...(latency === undefined ? {} : { latencyMs: latency }),
      ...(effect === undefined ? {} : { effect }),
    };
  }

  private effect(node: YAMLMap): FaultEffect | undefined {
    const named = EFFECTS.filter((key) => node.has(key) && node.get(key) !== false);
    const [kind, other] = named;
    if (other !== undefined)
      this.report(node.get(other, true) as Node, `One fault does one thing: ${kind} and ${other} are two.`);
    if (node.has("retry_after") && kind !== "status")
      this.report(node.get("retry_after", true) as Node, "retry_after goes with status.");
    switch (kind) {
      case undefined:
        return undefined;
      case "timeout":
        return { kind: "timeout" };
      case "reset":
        return { kind: "reset" };
      case "crash_host":
        return { kind: "crash" };
      case "body":
        return { kind: "body", body: ((node.get("body", true) as Node | null)?.toJSON() ?? null) as Json };
      case "status": {
        const isStatus = (value: number): boolean => Number.isInteger(value) && value >= 400 && value <= 599;
        const status = this.number(node, "status", isStatus, "an HTTP status from 400 to 599");
        const seconds = this.number(node, "retry_after", (value) => value >= 0, "seconds from 0");
        return {
          kind: "status",
          status: status ?? 500,
          ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
        };
      }
      case "error": {
        const at = node.get("error", true) as Node;
        const said = isMap(at) ? (at.toJSON() as { readonly type?: unknown; readonly message?: unknown }) : {};
        const type = ERROR_TYPES.find((known) => known === said.type);
        if (type === undefined) this.report(at, `error needs type, one of ${ERROR_TYPES.join(", ")}.`);
        const message = typeof said.message === "string" ? said.message : "It was made to fail.";
        return { kind: "error", type: type ?? "component_error", message };
      }
    }
  }

  private number(node: YAMLMap, key: string, fits: (value: number) => boolean, wanted: string): number | undefined {
    if (!node.has(key)) return undefined;
    const value = node.get(key);
    if (typeof value === "number" && fits(value)) return value;
    this.report(node.get(key, true) as Node, `${key} has to be ${wanted}.`);
    return undefined;
  }

  private numbers(node: YAMLMap, key: string, least: number): readonly number[] | undefined {
    if (!node.has(key)) return undefined;
    const at = node.get(key, true) as Node;
    const values = isSeq(at) ? (at.toJSON() as unknown[]) : [isScalar(at) ? at.value : undefined];
    const whole = values.filter((value): value is number => Number.isInteger(value) && (value as number) >= least);
    if (whole.length !== values.length) this.report(at, `${key} has to be a list of whole numbers from ${least}.`);
    return whole;
  }

  private onlyKeys(node: YAMLMap, known: readonly string[]): void {
    for (const { key } of node.items) {
      if (isScalar(key) && !known.includes(String(key.value)))
        this.report(key, `${String(key.value)} is no key here; there are ${known.join(", ")}.`);
    }
  }

  report(node: Node | null | undefined, message: string): void {
    const { line, col } = this.lines.linePos(node?.range?.[0] ?? 0);
    this.problems.push({ line, column: col, message });
  }
}
