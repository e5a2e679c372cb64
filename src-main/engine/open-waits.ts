import type { ComponentPath } from "@shared/base/ids";
import { isJsonObject } from "@shared/base/json";
import type { AtMs } from "@shared/base/units";
import { receive } from "@shared/execution/deliver";
import { keeper } from "@shared/execution/keep";
import { openerOf } from "@shared/execution/opened";
import { partOf } from "@shared/execution/parts";
import { componentAt, components, type PlacedComponent } from "@shared/execution/read";
import { inline, NULL_VALUE, type Value } from "@shared/execution/value";
import type { Course } from "./course";
import { formOf, marked } from "./forms";
import type { Message, OpenTask, Waiting } from "./ports";
import { shownJson } from "./shown";

/** What one execution waits for that comes from outside: kept in the store, so that what comes finds it wherever it is. */
export class OpenWaits {
  private readonly mayWait: boolean;
  private told = NOTHING;
  private answered: Waiting["answered"][number][] = [];
  private taken: number[] = [];

  constructor(private readonly course: Course) {
    this.mayWait = course.plan.nodes.some(({ kind }) => kind === "await");
  }

  /** Whether it waits for anything from outside. */
  get isOpen(): boolean {
    return this.told !== NOTHING;
  }

  /** At the end of a turn that journals nothing: what came led to nothing. */
  discard(): void {
    if (this.taken.length > 0) this.course.rooms.waiting.discard(this.taken);
    this.taken = [];
  }

  /** An execution that is taken up: the store has what it waited for. */
  takeUp(): void {
    this.told = this.mayWait ? JSON.stringify(this.current()) : NOTHING;
  }

  /** Part of a turn: takes in what has come. */
  receive(): void {
    for (const message of this.course.rooms.waiting.messages(this.course.id)) {
      if (this.taken.includes(message.number)) continue;
      this.taken.push(message.number);
      this.open(message);
    }
  }

  private open({ number, path, body }: Message): void {
    const { course } = this;
    const { plan, state } = course;
    const at = course.rooms.clock.now();
    const keep = keeper(`${path}~m${number}`);
    if (body.kind === "stop") {
      const reason = typeof body.reason === "string" ? body.reason : "It was stopped.";
      const { mode } = body;
      course.take({ kind: "cancel-requested", at, reason, ...(mode === "once" || mode === "final" ? { mode } : {}) });
    } else if (body.kind === "answer") {
      const placed = componentAt(plan, state, path);
      if (placed?.state.awaits?.kind !== "task") return;
      const answer = marked(body.answer ?? null, this.form(placed), keep);
      const by = typeof body.by === "string" ? body.by : "";
      course.take({ kind: "task-answered", at, path, answer, by }, keep.kept());
      this.answered.push({ path, at, by, answer: shownJson(answer) });
    } else if (body.kind === "event" && typeof body.type === "string") {
      const json = body.event ?? null;
      const opener = openerOf((kind, id) => course.text(kind, id));
      const access = { read: opener.read, mark: inline, keep: (value: Value) => value };
      const occurrence = { type: body.type, event: keep.keep(json), json };
      const event = receive(plan, state, path, occurrence, access, at, () => performance.now());
      if (event !== undefined) course.take(event, event.kind === "event-received" ? keep.kept() : undefined);
    }
  }

  /** At the end of a turn: what changed, and which messages were taken in. */
  turn(): { readonly waiting?: Waiting; readonly taken?: readonly number[] } {
    const taken = this.taken.length === 0 ? {} : { taken: this.taken };
    this.taken = [];
    if (!this.mayWait) return taken;
    const now = this.current();
    const text = JSON.stringify(now);
    const isSame = text === this.told && this.answered.length === 0;
    const changed = isSame ? {} : { waiting: { ...now, answered: this.answered } };
    this.told = text;
    this.answered = [];
    return { ...taken, ...changed };
  }

  private current(): Omit<Waiting, "answered"> {
    const { plan, state } = this.course;
    const events: { path: ComponentPath; pattern: string }[] = [];
    const tasks: OpenTask[] = [];
    for (const placed of components(plan, state)) {
      const { awaits } = placed.state;
      if (awaits?.kind === "event") events.push({ path: placed.path, pattern: awaits.pattern });
      else if (awaits?.kind === "task") tasks.push(this.task(placed, awaits));
    }
    return { events, tasks };
  }

  private task(
    placed: PlacedComponent,
    awaits: { readonly openedAt: AtMs; readonly assignee?: string; readonly due?: { at: AtMs }; escalatedAt?: AtMs },
  ): OpenTask {
    const { path, node, state } = placed;
    const { name, description } = node.component;
    return {
      path,
      name: name ?? node.id,
      ...(description === undefined ? {} : { description }),
      form: this.form(placed),
      input: shownJson(state.input ?? NULL_VALUE),
      ...(awaits.assignee === undefined ? {} : { assignee: awaits.assignee }),
      openedAt: awaits.openedAt,
      ...(awaits.due === undefined ? {} : { deadline: awaits.due.at }),
      ...(awaits.escalatedAt === undefined ? {} : { escalatedAt: awaits.escalatedAt }),
    };
  }

  private form({ state }: PlacedComponent): OpenTask["form"] {
    const value = (state.config && partOf(state.config, "form")) ?? NULL_VALUE;
    // A form is shown to whoever is to answer; one too large to lie in place is read, sensitive texts in it are not.
    const json = value.kind === "stored" ? formOf(this.course.text("texts", value.id)) : shownJson(value);
    return isJsonObject(json) ? json : {};
  }
}

const NOTHING = JSON.stringify({ events: [], tasks: [] });
