import { Bug } from "@shared/base/bug";
import { fail, ok, type Result } from "@shared/base/result";
import type { AtMs, Ms } from "@shared/base/units";
import type { RehearsalItem, RehearsalRow, RehearsedFiring } from "@shared/contract/rehearsals";
import type { DueSpan } from "@shared/workflow/triggers/due";
import { schedulesOf } from "@shared/workflow/triggers/read";
import type { Workflow } from "@shared/workflow/workflow";
import type { LaunchProblem, LayoutRequest } from "../library/launch";
import { dueOf } from "./due";
import type { Rehearsing } from "./rehearsal";

/** So many that are over are remembered, the newest. */
const KEPT = 5;
const AT_ONCE = 500;

export type RehearsalProblem =
  | { readonly kind: "no-schedule"; readonly workflowId: string }
  | { readonly kind: "under-way"; readonly workflowId: string }
  | { readonly kind: "unknown-rehearsal"; readonly id: string }
  | LaunchProblem;

/** A rehearsal as a window asks for it. */
export interface RehearsalWanted extends Omit<LayoutRequest, "lab"> {
  /** Now unless said. */
  readonly from?: AtMs;
  readonly spanMs: Ms;
  /** The text of a faults file. */
  readonly faults?: string;
  /** Of all chance in it. */
  readonly seed?: string;
}

/** A workflow with all that its rehearsal takes. */
export interface PreparedRehearsal {
  readonly workflow: Workflow;
  rehearse(span: DueSpan, tell: (firing: RehearsedFiring) => void): Rehearsing;
  /** The components of faults that fitted no attempt. */
  unmet(): readonly string[];
}

/** What rehearsals need of the other rooms. */
export interface RehearsalsPorts {
  newId(): string;
  now(): AtMs;
  prepare(request: LayoutRequest): Promise<Result<PreparedRehearsal, LaunchProblem>>;
}

type End = Extract<RehearsalItem, { readonly kind: "end" }>;

interface Kept {
  readonly row: RehearsalRow;
  readonly rehearsing: Rehearsing;
  readonly firings: RehearsedFiring[];
  readonly listeners: Set<() => void>;
  isStopped: boolean;
  /** Absent while it goes on. */
  end?: End | { readonly kind: "broken"; readonly error: unknown };
}

/** Rehearsals that go on by themselves, for windows that come and go. */
export class Rehearsals {
  private readonly all = new Map<string, Kept>();
  /** The workflows of those about to begin. */
  private readonly beginning = new Set<string>();

  constructor(private readonly ports: RehearsalsPorts) {}

  async start(wanted: RehearsalWanted): Promise<Result<RehearsalRow, RehearsalProblem>> {
    const { workflowId } = wanted;
    const going = this.latest(workflowId);
    if (this.beginning.has(workflowId) || (going !== undefined && this.isUnderWay(going.id)))
      return fail({ kind: "under-way", workflowId });
    this.beginning.add(workflowId);
    try {
      return await this.begin(wanted);
    } finally {
      this.beginning.delete(workflowId);
    }
  }

  private async begin({
    from = this.ports.now(),
    spanMs,
    faults,
    seed,
    ...request
  }: RehearsalWanted): Promise<Result<RehearsalRow, RehearsalProblem>> {
    const lab = {
      virtualTime: true,
      from,
      ...(faults === undefined ? {} : { faults }),
      ...(seed === undefined ? {} : { seed }),
    };
    const prepared = await this.ports.prepare({ ...request, lab });
    if (!prepared.ok) return prepared;
    const { workflow } = prepared.value;
    const { workflowId } = request;
    if (schedulesOf(workflow).length === 0) return fail({ kind: "no-schedule", workflowId });
    const span = { from, until: from + spanMs };
    const { total, isMore } = await dueOf(workflow, span);
    const row = { id: this.ports.newId(), workflowId, ...span, due: total, isMore };
    const firings: RehearsedFiring[] = [];
    const listeners = new Set<() => void>();
    const told = (): void => listeners.forEach((listener) => listener());
    const rehearsing = prepared.value.rehearse(span, (firing) => {
      firings.push(firing);
      told();
    });
    const kept: Kept = { row, rehearsing, firings, listeners, isStopped: false };
    this.all.set(row.id, kept);
    const over = (end: NonNullable<Kept["end"]>): void => {
      // One whose host ends was over before.
      kept.end ??= end;
      told();
      this.forget();
    };
    rehearsing.done.then(
      ({ cut }) => over({ kind: "end", cut, stopped: kept.isStopped, unmetFaults: prepared.value.unmet() }),
      (error: unknown) => over({ kind: "broken", error }),
    );
    return ok(row);
  }

  /** The newest of a workflow. */
  latest(workflowId: string): RehearsalRow | undefined {
    return [...this.all.values()].findLast(({ row }) => row.workflowId === workflowId)?.row;
  }

  private isUnderWay(id: string): boolean {
    const kept = this.all.get(id);
    return kept !== undefined && kept.end === undefined;
  }

  has(id: string): boolean {
    return this.all.has(id);
  }

  /** Calls `listener` whenever there is more to tell of it. */
  listen(id: string, listener: () => void): () => void {
    const listeners = this.all.get(id)?.listeners;
    listeners?.add(listener);
    return () => void listeners?.delete(listener);
  }

  /** What there is to tell after the first `from` firings. */
  told(id: string, from: number): readonly RehearsalItem[] {
    const kept = this.all.get(id);
    if (kept === undefined) return [];
    const items: RehearsalItem[] = [];
    for (let at = from; at < kept.firings.length; at += AT_ONCE)
      items.push({ kind: "firings", from: at, firings: kept.firings.slice(at, at + AT_ONCE) });
    if (kept.end?.kind === "broken") throw new Bug(`rehearsal ${id} broke`, { cause: kept.end.error });
    return kept.end === undefined ? items : [...items, kept.end];
  }

  stop(id: string): Result<null, RehearsalProblem> {
    const kept = this.all.get(id);
    if (kept === undefined) return fail({ kind: "unknown-rehearsal", id });
    if (kept.end !== undefined) return ok(null);
    kept.isStopped = true;
    kept.rehearsing.stop("Stopped by the user.");
    return ok(null);
  }

  /** Those that are over make room. */
  private forget(): void {
    const over = [...this.all.values()].filter(({ end }) => end !== undefined);
    for (const { row } of over.slice(0, Math.max(0, over.length - KEPT))) this.all.delete(row.id);
  }

  /** Cancels what is under way; whoever takes it up sees to its end. */
  close(): void {
    for (const kept of this.all.values()) {
      if (kept.end !== undefined) continue;
      kept.rehearsing.stop("The studio closed.");
      kept.end = { kind: "end", cut: false, stopped: true, unmetFaults: [] };
      for (const listener of kept.listeners) listener();
    }
  }
}
