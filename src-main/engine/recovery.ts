import type { ExecutionId } from "@shared/base/ids";
import { fail, ok } from "@shared/base/result";
import { isUndoable } from "@shared/execution/undo";
import type { Answer, EngineOptions } from "./engine";
import type { SessionParts } from "./course";
import { Gatekeeper } from "./gatekeeper";
import type { Outside } from "./outside";
import type { Parked } from "./parking";
import type { DefinitionsPort, ExecutionHead, Place } from "./ports";
import { depthOf, readOwned } from "./reading";
import { foldJournal, type Folded } from "./recover";
import type { Session } from "./session";

const LAB_GONE =
  "It ran in a resilience lab, which ended with its host. Without the lab's faults it would act in earnest, so it was stopped and nothing was undone; run it in the lab again.";

/** What taking executions up needs of the engine. */
export interface RecoveryRooms {
  readonly options: EngineOptions;
  readonly outside: Outside;
  /** Whether it is in memory. */
  isHere(id: ExecutionId): boolean;
  isLive(id: ExecutionId): boolean;
  isClosing(): boolean;
  enter(parts: SessionParts): Session;
  /** Some that were taken up may wait for their turn. */
  queueAdded(): void;
}

/** Takes executions up where their journals end: those of hosts that are gone, those that have left memory, those to be undone. */
export class Recovery {
  private readonly resuming = new Map<ExecutionId, Promise<Answer>>();

  constructor(private readonly rooms: RecoveryRooms) {}

  get isIdle(): boolean {
    return this.resuming.size === 0;
  }

  isUnderWay(id: ExecutionId): boolean {
    return this.resuming.has(id);
  }

  /** Takes up a settled execution to undo what it did; false when there is nothing to undo. */
  async reopen(id: ExecutionId, reason: string): Promise<boolean> {
    if (this.rooms.isLive(id)) return true;
    const found = this.rooms.options.executions.head(id);
    const folded = await foldJournal(this.rooms.options.journal, id);
    if (found === undefined || !folded.ok || !isUndoable(folded.value.plan, folded.value.state)) return false;
    const session = await this.enterFolded(found, folded.value);
    // A stop that came as it settled was not meant for its undoing.
    const { waiting } = this.rooms.options;
    waiting.discard(waiting.messages(id).map(({ number }) => number));
    session.reopen(folded.value.state, folded.value.seq, reason);
    return true;
  }

  /** Takes up what has not settled and nobody living has; which those were. */
  async resumeUnfinished(): Promise<readonly ExecutionId[]> {
    const resumed = [...this.rooms.outside.takeOver((id) => this.rooms.isLive(id))];
    const seen = new Set(resumed);
    for (const id of this.rooms.options.executions.unfinished()) {
      if (this.rooms.isClosing()) break;
      if (this.rooms.isLive(id) || seen.has(id)) continue;
      const answer = await this.resume(id);
      if (answer.ok) resumed.push(id);
    }
    this.rooms.outside.look();
    this.rooms.queueAdded();
    return resumed;
  }

  /** Takes one up, once however often that is asked for at the same time. */
  resume(id: ExecutionId): Promise<Answer> {
    const under = this.resuming.get(id);
    if (under !== undefined) return under;
    const resuming = this.takeUp(id, this.rooms.outside.take(id)).finally(() => this.resuming.delete(id));
    this.resuming.set(id, resuming);
    return resuming;
  }

  private async takeUp(id: ExecutionId, parked: Parked | undefined): Promise<Answer> {
    if (this.rooms.isHere(id)) return ok(null);
    const read = await readOwned(this.rooms.options, id);
    if (!read.ok) return read;
    const { head, folded } = read.value;
    // Whoever closes the engine leaves it to the next host.
    if (this.rooms.isClosing()) return fail({ kind: "owned-elsewhere", id });
    const session = await this.enterFolded(head, folded, parked?.definitions);
    session.recover(folded.state, folded.seq, parked);
    // One in a lab never leaves memory while its lab is there; undoing would be in earnest too.
    if (head.lab === true && head.outlivesLab !== true) session.cancel(LAB_GONE, "final");
    // Its turn had come when its host went.
    if (folded.state.status === "queued" && head.status !== "queued") session.beginQueued();
    this.rooms.outside.isBack(session);
    return ok(null);
  }

  private definitionsOf({ neighbours }: Place): DefinitionsPort {
    const { definitions, definitionsBeside } = this.rooms.options;
    return neighbours === undefined ? definitions : (definitionsBeside?.(neighbours) ?? definitions);
  }

  private async enterFolded(found: ExecutionHead, { plan }: Folded, definitions?: DefinitionsPort): Promise<Session> {
    const hosts = (await this.rooms.options.hosts?.(plan.workflow)) ?? {};
    const head = { ...found, place: { ...found.place, hosts: { ...found.place.hosts, ...hosts } } };
    const gate = head.debug
      ? new Gatekeeper(head.id, this.rooms.options.executions.breakpoints(head.workflowId), "recovered")
      : undefined;
    return this.rooms.enter({
      head,
      plan,
      definition: JSON.stringify(plan.workflow),
      definitions: definitions ?? this.definitionsOf(head.place),
      depth: depthOf(this.rooms.options.executions, head.id),
      ...(gate === undefined ? {} : { gate }),
    });
  }
}
