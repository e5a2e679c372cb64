import type { Json } from "@shared/base/json";
import type { Result } from "@shared/base/result";
import type { ComponentPath } from "@shared/base/ids";
import type { ExecutionRow } from "@shared/contract/executions";
import { valuesAt, type ValuesAt } from "@shared/debug/values";
import { viewOf, type ComponentView, type ExecutionView } from "@shared/debug/view";
import type { Entry } from "@shared/execution/event";
import { componentAt } from "@shared/execution/read";
import { routeOf } from "@shared/execution/route";
import type { ExecutionState } from "@shared/execution/state";
import { ask, client, onLink, type Fault } from "../bridge";
import { changesOf } from "./changes";
import { isStep, nextStep, pathOf, previousStep } from "./steps";
import { notices } from "./notices.svelte";
import { Session } from "./session.svelte";
import { studio } from "./studio.svelte";

/** An execution looked into: which moment, which component, and what can be told to its gate. */
export class Debugging {
  readonly session = new Session();
  row = $state.raw<ExecutionRow | undefined>();
  /** Those that called it, the first one first. */
  callers = $state.raw<readonly ExecutionRow[]>([]);
  fault = $state.raw<Fault | undefined>();
  /** How many entries are folded into what is shown; undefined for all there are. */
  position = $state<number | undefined>();
  /** The component, branch or round looked at; empty for the execution. */
  focus = $state<ComponentPath>("");
  busy = $state(false);
  now = $state(Date.now());

  constructor(readonly executionId: string) {}

  readonly seq = $derived(this.position ?? this.session.entries.length);
  readonly isPast = $derived(this.position !== undefined && this.position < this.session.entries.length);
  readonly holds = $derived(this.session.gate?.holds ?? []);
  readonly paused = $derived(this.session.gate?.mode === "paused");
  readonly debugged = $derived(this.session.gate !== undefined);
  readonly running = $derived(this.session.running && this.session.entries.length > 0);
  readonly state = $derived<ExecutionState | undefined>(
    this.isPast ? this.session.stateAt(this.seq) : this.session.state,
  );
  readonly view = $derived.by((): ExecutionView | undefined => {
    const { plan } = this.session;
    if (!plan || !this.state) return undefined;
    return viewOf(plan, this.state, {
      holds: this.isPast ? [] : this.holds,
      ...(this.focus === "" ? {} : { path: this.focus }),
    });
  });
  /** The component in focus, if it is one. */
  readonly selected = $derived.by((): ComponentView | undefined => {
    const { plan } = this.session;
    if (!plan || this.focus === "") return undefined;
    const id = routeOf(plan, this.focus)?.node?.id;
    if (id === undefined) return undefined;
    return this.view?.undos?.find(({ path }) => path === this.focus) ?? this.view?.components[id];
  });
  readonly values = $derived.by((): ValuesAt | undefined => {
    const { plan } = this.session;
    return plan && this.state && this.selected ? valuesAt(plan, this.state, this.selected.path) : undefined;
  });
  readonly held = $derived(
    this.isPast || !this.selected ? undefined : this.holds.find((hold) => hold.path === this.selected?.path),
  );
  /** The entry that made the moment shown. */
  readonly entry = $derived<Entry | undefined>(this.session.entries[this.seq - 1]);
  readonly startedAt = $derived(this.session.entries[0]?.event.at ?? 0);
  /** The moment shown: while an execution runs, the present. */
  readonly at = $derived(
    this.isPast || !this.running
      ? (this.entry?.event.at ?? 0)
      : Math.max(this.now, this.session.entries.at(-1)?.event.at ?? 0),
  );

  /** What was logged until the moment shown. */
  readonly logs = $derived(this.isPast ? this.session.logs.filter(({ seq }) => seq <= this.seq) : this.session.logs);
  /** The edits until the moment shown. */
  readonly changes = $derived(this.session.edited ? changesOf(this.session.entries, this.seq) : []);
  /** The places in the values of the component in focus that an edit changed: `input/region`. */
  readonly editedPlaces = $derived(
    new Set(
      this.changes
        .filter(({ path }) => path === this.selected?.path)
        .flatMap(({ differences }) => differences.map(({ place }) => place)),
    ),
  );

  /** Whether the component at `path` is there at the moment shown. */
  knows(path: ComponentPath): boolean {
    const { plan } = this.session;
    return plan !== undefined && this.state !== undefined && componentAt(plan, this.state, path) !== undefined;
  }

  /** Follows the execution while the screen shows it. */
  open(): () => void {
    this.session.follow(this.executionId);
    // What was asked while the link was lost is asked again.
    const unlink = onLink((link) => {
      if (link === "open") void this.refresh();
    });
    const clock = setInterval(() => {
      if (this.session.running) this.now = Date.now();
    }, 200);
    return () => {
      clearInterval(clock);
      unlink();
      this.session.leave();
    };
  }

  async refresh(): Promise<void> {
    const got = await ask(client.executions.get({ id: this.executionId }));
    if (!got.ok) {
      this.fault = got.problem;
      return;
    }
    this.fault = undefined;
    this.row = got.value;
    if (this.callers.length === 0 && got.value.parent !== undefined) this.callers = await callersOf(got.value);
  }

  /** Looks at `path`; a component that runs in several rounds is looked at in the round shown. */
  look(path: ComponentPath): void {
    this.focus = path;
  }

  /** Looks at the component `id` in the frame shown. */
  select(id: string | undefined): void {
    this.focus = id === undefined ? "" : (this.view?.components[id]?.path ?? this.#bare(id));
  }

  /** A component whose frame was never opened has no path of its own. */
  #bare(id: string): ComponentPath {
    return this.session.plan?.byId.get(id)?.scope === 0 ? id : "";
  }

  /** Shows the moment after `count` entries; the last one is the present. */
  goTo(count: number, follow = false): void {
    const { entries } = this.session;
    const to = Math.max(1, Math.min(entries.length, Math.round(count)));
    this.position = to >= entries.length ? undefined : to;
    const path = follow ? pathOf(entries[to - 1]?.event) : undefined;
    if (path !== undefined) this.focus = path;
  }

  /** Back to what happens at present. */
  goLive(): void {
    this.position = undefined;
  }

  readonly canStepBack = $derived(this.seq > 1);
  readonly canStepOn = $derived(this.isPast);

  stepBack(): void {
    this.goTo(previousStep(this.session.entries, this.seq), true);
  }

  stepOn(): void {
    this.goTo(nextStep(this.session.entries, this.seq), true);
  }

  /** The moment at which the frame at `path` did its last. */
  lastOf(path: ComponentPath): number | undefined {
    const inside = `${path}/`;
    const found = this.session.entries.findLastIndex(
      ({ event }) => isStep(event) && (pathOf(event) === path || pathOf(event)?.startsWith(inside) === true),
    );
    return found < 0 ? undefined : found + 1;
  }

  async continue(): Promise<void> {
    if (this.isPast) return this.goLive();
    await this.#tell(client.debug.continue({ id: this.executionId }));
  }

  async pause(): Promise<void> {
    await this.#tell(client.debug.pause({ id: this.executionId }));
  }

  /** Lets the hold in focus pass, else the oldest; in the past, the next step is shown. */
  async stepOver(): Promise<void> {
    if (this.isPast) return this.stepOn();
    // The hold that a second stroke is meant for is not known before the first is answered.
    if (this.busy) return;
    const path = this.held?.path;
    await this.#tell(client.debug.stepOver({ id: this.executionId, ...(path === undefined ? {} : { path }) }));
  }

  async stop(): Promise<void> {
    await this.#tell(client.executions.cancel({ id: this.executionId }));
  }

  /** Starts the same again, debugged if this was. */
  async again(): Promise<void> {
    if (this.busy) return;
    const open = studio.fromHere();
    const started = await this.#tell(
      client.executions.again({ id: this.executionId, debug: this.row?.debug ?? false }),
    );
    if (started.ok) return open({ screen: "execution", executionId: started.value.id }, this.row?.workflowName);
    // Sensitive parameters are kept nowhere, so they are entered in the editor.
    if (started.problem.code === "INVALID" && this.row)
      open({ screen: "editor", workflowId: this.row.workflowId }, this.row.workflowName);
  }

  /** Changes what the held component at `path` gets. */
  async edit(
    path: ComponentPath,
    change: { readonly input?: Json; readonly config?: Json },
  ): Promise<Fault | undefined> {
    const done = await ask(client.debug.edit({ id: this.executionId, path, ...change }));
    return done.ok ? undefined : done.problem;
  }

  async #tell<T>(call: Promise<T>): Promise<Result<T, Fault>> {
    this.busy = true;
    const done = await ask(call);
    this.busy = false;
    if (!done.ok) notices.fault(done.problem);
    return done;
  }
}

/** More callers than this are not looked for; the recursion limit of calls is far below. */
const MOST_CALLERS = 50;

async function callersOf(row: ExecutionRow): Promise<readonly ExecutionRow[]> {
  const found: ExecutionRow[] = [];
  let parent = row.parent;
  while (parent !== undefined && found.length < MOST_CALLERS) {
    const got = await ask(client.executions.get({ id: parent.executionId }));
    if (!got.ok) break;
    found.unshift(got.value);
    parent = got.value.parent;
  }
  return found;
}
