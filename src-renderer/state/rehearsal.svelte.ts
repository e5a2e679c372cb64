import {
  firingStatus,
  type FiringStatus,
  type RehearsalItem,
  type RehearsalRow,
  type RehearsedFiring,
} from "@shared/contract/rehearsals";
import { ask, client, follow, type Fault } from "../bridge";
import { NOTHING, type Selection } from "../ui/selection";
import { lasting } from "./lasting.svelte";
import { notices } from "./notices.svelte";

/** What starts a rehearsal: the editor's text, saved or not. */
export type RehearsalWanted = Parameters<typeof client.rehearsals.start>[0];

type End = Extract<RehearsalItem, { readonly kind: "end" }>;

/** How many starts a firing stands for: those it makes up for, or those that nothing makes up for. */
function standsFor({ missed }: RehearsedFiring): number {
  return Math.max(1, missed);
}

/** A workflow's latest rehearsal as this window follows it. */
export class Rehearsal {
  /** Absent where there was none. */
  row = $state.raw<RehearsalRow | undefined>();
  /** In the order of time. */
  firings = $state.raw<readonly RehearsedFiring[]>([]);
  ended = $state.raw<End | undefined>();
  unmetFaults = $state.raw<readonly string[]>([]);
  starting = $state(false);
  /** How often it was told to stop; the second time ends undoing too. */
  stops = $state(0);
  /** Which of them are shown. */
  only = $state<FiringStatus | undefined>();
  selection = $state.raw<Selection>(NOTHING);
  /** Whether the editor shows it. */
  isShown = $state(false);
  #told = 0;
  #leave: (() => void) | undefined;

  readonly running = $derived(this.row !== undefined && this.ended === undefined);
  /** Of the starts that are due, so many have come to something. */
  readonly done = $derived(this.firings.reduce((sum, firing) => sum + standsFor(firing), 0));
  /** Whether more starts were missed than are told of. */
  readonly hasOlderMissed = $derived(this.firings.some((firing) => firing.hasOlderMissed));
  /** How many came to what, in the order in which that was first seen. */
  readonly counts = $derived.by(() => {
    const counts = new Map<FiringStatus, number>();
    for (const firing of this.firings) {
      const status = firingStatus(firing);
      counts.set(status, (counts.get(status) ?? 0) + (status === "missed" ? firing.missed : 1));
    }
    return counts;
  });
  readonly shown = $derived(
    this.only === undefined ? this.firings : this.firings.filter((firing) => firingStatus(firing) === this.only),
  );

  constructor(readonly workflowId: string) {}

  /** Starts one and follows it; the fault where the host refused. */
  async start(wanted: RehearsalWanted): Promise<Fault | undefined> {
    if (this.starting) return undefined;
    this.starting = true;
    const started = await ask(client.rehearsals.start(wanted));
    this.starting = false;
    if (!started.ok) return started.problem;
    this.#follow(started.value);
    return undefined;
  }

  /** Takes up the one that the host remembers. */
  async load(): Promise<void> {
    const before = this.row;
    const latest = await ask(client.rehearsals.latest({ workflowId: this.workflowId }));
    // One that was started meanwhile is newer.
    if (this.starting || this.row !== before) return;
    if (latest.ok && latest.value !== null && latest.value.id !== this.row?.id) this.#follow(latest.value);
  }

  async stop(): Promise<void> {
    if (this.row === undefined) return;
    this.stops += 1;
    const stopped = await ask(client.rehearsals.stop({ id: this.row.id }));
    if (!stopped.ok) notices.fault(stopped.problem);
  }

  #follow(row: RehearsalRow): void {
    this.#leave?.();
    this.row = row;
    this.firings = [];
    this.ended = undefined;
    this.unmetFaults = [];
    this.stops = 0;
    this.only = undefined;
    this.selection = NOTHING;
    this.#told = 0;
    this.#leave = follow<RehearsalItem>(
      (signal) => client.rehearsals.follow({ id: row.id, from: this.#told }, { signal }),
      (item) => this.#take(item),
      (fault) => fault && this.#lost(fault),
    );
  }

  #take(item: RehearsalItem): void {
    if (item.kind === "end") {
      this.ended = item;
      this.unmetFaults = item.unmetFaults;
      this.#leave?.();
      return;
    }
    const fresh = item.firings.slice(Math.max(0, this.#told - item.from));
    this.#told += fresh.length;
    // They come in the order in which they ended.
    this.firings = [...this.firings, ...fresh].sort((a, b) => a.dueAt - b.dueAt || a.index - b.index);
  }

  /** Its host is gone, and took along what was under way. */
  #lost(fault: Fault): void {
    this.ended = { kind: "end", cut: false, stopped: true, unmetFaults: [] };
    if (fault.code !== "NOT_FOUND") notices.fault(fault);
  }
}

const known = new Map<string, Rehearsal>();

/** A workflow's latest rehearsal. */
export function rehearsalOf(workflowId: string): Rehearsal {
  const there = known.get(workflowId);
  if (there) return there;
  const made = lasting(() => new Rehearsal(workflowId));
  known.set(workflowId, made);
  return made;
}
