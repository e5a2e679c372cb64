import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import type { AtMs } from "@shared/base/units";
import type { Answer } from "./engine";
import { checkedAnswer } from "./forms";
import type { Course } from "./course";
import { Parking, type Parked } from "./parking";
import type { Clock, DefinitionsPort, ExecutionsPort, OwnersPort, WaitingPort } from "./ports";
import { absent } from "./reading";
import type { Session } from "./session";

/** How many are brought back into memory at the same time. */
const AT_ONCE = 32;

/** What reaching executions from outside takes. */
export interface OutsideRooms {
  readonly waiting: WaitingPort;
  readonly executions: ExecutionsPort;
  readonly owners: OwnersPort;
  readonly clock: Clock;
  /** Where calls look unless their execution says otherwise. */
  readonly definitions: DefinitionsPort;
  session(id: ExecutionId): Session | undefined;
  resume(id: ExecutionId): Promise<Answer>;
  trouble(id: ExecutionId, error: unknown): void;
}

/** What comes to executions from outside (time, events, answers), whether they are in memory or not. */
export class Outside {
  private readonly parking: Parking;
  private readonly errands = new Map<ExecutionId, ((session: Session) => void)[]>();

  constructor(private readonly rooms: OutsideRooms) {
    this.parking = new Parking(rooms.clock, (ids) => void this.wakeAll(ids));
  }

  /** How many executions of this host have left memory. */
  get size(): number {
    return this.parking.size;
  }

  get nextDue(): AtMs | undefined {
    return this.parking.nextDue;
  }

  isParked(id: ExecutionId): boolean {
    return this.parking.has(id);
  }

  /** How `id` left memory; from here on it is not among those that did. */
  take(id: ExecutionId): Parked | undefined {
    return this.parking.take(id);
  }

  deliver(type: string, event: Json): number {
    const { waiting, clock } = this.rooms;
    const count = waiting.sendEvent(type, { kind: "event", type, event }, clock.now());
    if (count > 0) this.look();
    return count;
  }

  answer(id: ExecutionId, path: ComponentPath, answer: Json, by: string): Answer {
    const { waiting, executions, clock } = this.rooms;
    const head = executions.head(id);
    if (head === undefined) return fail({ kind: "unknown-execution", id });
    if (head.settlement !== undefined) return fail({ kind: "already-settled", id, status: head.settlement.status });
    const task = waiting.task(id, path);
    if (task === undefined) return fail({ kind: "no-task", id, path });
    const checked = checkedAnswer(answer, task.form);
    if (!checked.ok) return fail({ kind: "invalid-answer", id, path, message: checked.message });
    const body = { kind: "answer", answer: checked.answer, by };
    if (!waiting.sendAnswer(id, path, body, clock.now())) return fail({ kind: "task-answered", id, path });
    this.nudge(id);
    return ok(null);
  }

  /** Stops an execution that is not in this host's memory: whoever carries it hears of it; where nobody does, this host takes it up. */
  stop(id: ExecutionId, reason: string, mode?: "once" | "final"): Answer {
    const { waiting, executions, owners, clock } = this.rooms;
    const why = absent(executions, id);
    if (!why.ok && why.problem.kind !== "owned-elsewhere") return why;
    waiting.send(id, { kind: "stop", reason, ...(mode === undefined ? {} : { mode }) }, clock.now());
    // What a person asks for is not left to the next host.
    if (mode === undefined && !owners.owned(id)) void this.wake(id);
    return ok(null);
  }

  /** Looks for what has come for executions of this host. */
  look(): void {
    for (const id of this.rooms.waiting.recipients()) this.nudge(id);
  }

  /** Something has come for `id`. One that another host carries hears of it there; one that nobody carries when it is taken up. */
  private nudge(id: ExecutionId): void {
    const session = this.rooms.session(id);
    if (session !== undefined) session.receive();
    else if (this.parking.has(id)) void this.wake(id);
  }

  /** `session` has left memory. */
  parked({ id, parts }: Course, wakeAt: AtMs | undefined): void {
    const own = parts.definitions === this.rooms.definitions ? {} : { definitions: parts.definitions };
    this.parking.add(id, { isForeign: false, ...own, ...(wakeAt === undefined ? {} : { wakeAt }) });
    const { parent } = parts.head;
    // Whoever called it may leave memory too.
    if (parent !== undefined) this.rooms.session(parent.executionId)?.post(() => undefined);
  }

  /** Takes over what has left the memory of hosts that are gone. Nothing is folded: each is woken in its time. */
  takeOver(isLive: (id: ExecutionId) => boolean): readonly ExecutionId[] {
    const { owners, waiting } = this.rooms;
    owners.claimParked();
    const fresh = waiting.parked().filter(({ id }) => !isLive(id));
    for (const { id, ...parked } of fresh) this.parking.add(id, { ...parked, isForeign: true });
    return fresh.map(({ id }) => id);
  }

  private async wakeAll(ids: readonly ExecutionId[]): Promise<void> {
    for (let at = 0; at < ids.length; at += AT_ONCE)
      await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => this.wake(id)));
  }

  /** Brings `id` back for `errand`, which is part of its first turn: it might leave again after that. */
  errand(id: ExecutionId, errand: (session: Session) => void): void {
    this.errands.set(id, [...(this.errands.get(id) ?? []), errand]);
    void this.wake(id);
  }

  /** `session` was taken up; its first turn comes very soon. */
  isBack(session: Session): void {
    const errands = this.errands.get(session.id) ?? [];
    this.errands.delete(session.id);
    for (const errand of errands) errand(session);
  }

  /** Brings one back that has left memory. */
  async wake(id: ExecutionId): Promise<void> {
    try {
      const answer = await this.rooms.resume(id);
      if (!answer.ok && answer.problem.kind === "invalid-workflow") this.rooms.trouble(id, answer.problem.message);
    } catch (error) {
      this.rooms.trouble(id, error);
    }
  }

  close(): void {
    this.parking.close();
  }
}
