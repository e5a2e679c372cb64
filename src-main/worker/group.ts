import { isJsonObject } from "@shared/base/json";
import { decide } from "@shared/execution/decide";
import { advance, start } from "@shared/execution/advance";
import type { Effect, Task } from "@shared/execution/effect";
import { runGroupWhole } from "@shared/execution/group";
import type { GroupAttempt } from "@shared/execution/group";
import type { GroupAnswer, GroupsAnswer, GroupsJob } from "@shared/execution/jobs";
import type { ExecutionStarted } from "@shared/execution/event";
import { JournalText } from "@shared/execution/journal-text";
import { keeper } from "@shared/execution/keep";
import { openerOf } from "@shared/execution/opened";
import type { AttemptOutcome } from "@shared/execution/outcome";
import { componentAt } from "@shared/execution/read";
import type { Plan } from "@shared/execution/plan";
import type { ExecutionState } from "@shared/execution/state";
import type { Value } from "@shared/execution/value";
import type { Kept, KeptText } from "@shared/execution/work";
import { Bug } from "@shared/base/bug";
import { behaviours, loadBehaviours, placementOf } from "./behaviours/index";
import { outcomeOf } from "./behaviour";
import { broken, finish } from "@shared/execution/perform";
import { planFor } from "./plans";

/** Thrown where a member turns out to need a process of its own. */
class Split extends Error {
  override readonly name = "Split";
}

const never = new AbortController().signal;
const tools = { signal: never, progress: () => undefined };

/** Carries out groups in this thread, one after another. */
export async function groups({ definitions, groups: jobs }: GroupsJob): Promise<GroupsAnswer> {
  const answers: { answer: GroupAnswer; took: number }[] = [];
  for (const job of jobs) {
    const from = performance.now();
    const answer = await group(planFor(definitions[job.of] as string), job);
    answers.push({ answer, took: performance.now() - from });
  }
  return answers;
}

type Job = GroupsJob["groups"][number];

/** Where the group begins: the state with its `group-started` folded, and what is to be done first. */
function begun(
  plan: Plan,
  { from, paths }: Job,
): { readonly state: ExecutionState; readonly effects: readonly Effect[] } {
  if (from.kind === "state") return from;
  const event = { ...(JSON.parse(from.start) as ExecutionStarted), definition: plan.workflow };
  const first = start(plan, event);
  const state = advance(plan, first.state, { kind: "group-started", at: from.at, paths }).state;
  return { state, effects: first.effects };
}

async function group(plan: Plan, job: Job): Promise<GroupAnswer> {
  const { state: before, effects: first } = begun(plan, job);
  await loadBehaviours(job.paths.map((path) => componentAt(plan, before, path)?.node.type ?? ""));
  const run = new GroupInHand(plan, job);
  try {
    const { events, state, effects } = await runGroupWhole(plan, before, first, {
      paths: job.paths,
      access: run.access,
      now: Date.now,
      clock: () => performance.now(),
      perform: (attempt) => run.perform(attempt),
    });
    const kept = run.kept();
    const journal = new JournalText();
    const text = events.map((event) => journal.of(event)).join(",");
    const [only] = effects;
    if (effects.length !== 1 || only?.kind !== "conclude") return { kind: "done", text, count: events.length, kept };
    const { event, kept: more } = decide(plan, state, only, run.text, Date.now(), () => performance.now());
    // Not the end: the host folds the group and comes to the same conclusion, from which undoing begins.
    if (event.kind !== "execution-settled") return { kind: "done", text, count: events.length, kept };
    return {
      kind: "done",
      text,
      count: events.length,
      kept: { values: [...kept.values, ...more.values], secrets: [...kept.secrets, ...more.secrets] },
      settled: event,
    };
  } catch (error) {
    if (error instanceof Split) return { kind: "split" };
    throw error;
  }
}

/** What one run of a group keeps, and reads back. */
class GroupInHand {
  private readonly values: KeptText[] = [];
  private readonly secrets: KeptText[] = [];
  private readonly texts = new Map<string, string>();
  private readonly shrunk = new Map<Value, Value>();
  private readonly keep: ReturnType<typeof keeper>;
  private readonly opener = openerOf((kind, id) => this.text(kind, id));

  constructor(
    private readonly plan: Plan,
    private readonly job: Job,
  ) {
    this.keep = keeper(`${job.paths[0]}~g`);
  }

  readonly access = {
    read: (value: Value) => this.opener.read(value),
    mark: (json: Parameters<ReturnType<typeof keeper>["seal"]>[0]) => this.keep.seal(json),
    keep: (value: Value): Value => {
      const known = this.shrunk.get(value) ?? this.keep.shrink(value);
      this.shrunk.set(value, known);
      return known;
    },
  };

  readonly text = (kind: "texts" | "secrets", id: string): string => {
    const text = this.texts.get(`${kind}/${id}`) ?? this.lately(kind, id);
    if (text === undefined) throw new Bug(`a group refers to ${id}, which it was not given`);
    return text;
  };

  private lately(kind: "texts" | "secrets", id: string): string | undefined {
    const { values, secrets } = this.keep.kept();
    return (kind === "texts" ? values : secrets).find((one) => one.id === id)?.text;
  }

  perform({ path, node, attempt, key, config, input, state }: GroupAttempt): AttemptOutcome | Promise<AttemptOutcome> {
    const found = Object.hasOwn(behaviours, node.type) ? behaviours[node.type] : undefined;
    const given = this.opener.read(config).json;
    const task: Task = {
      executionId: state.facts.executionId,
      workflowId: this.plan.workflow.id,
      path,
      attempt,
      key,
      correlationId: state.facts.correlationId,
      type: node.type,
      config: isJsonObject(given) ? given : {},
      input: this.opener.read(input).json,
      sensitive: [],
      limits: {},
      place: this.job.place,
    };
    if (found === undefined || placementOf(task) === "child") throw new Split();
    const outcome = outcomeOf(() => found.run(task, tools));
    if (outcome instanceof Promise) return outcome.catch(broken).then((ended) => this.finished(task, ended));
    return this.finished(task, outcome);
  }

  private finished(task: Task, outcome: Parameters<typeof finish>[1]): AttemptOutcome {
    const finished = finish(task, outcome);
    const { kept, ...rest } = finished;
    for (const one of kept.values) {
      this.values.push(one);
      this.texts.set(`texts/${one.id}`, one.text);
    }
    this.secrets.push(...kept.secrets);
    return rest;
  }

  kept(): Kept {
    const { values, secrets } = this.keep.kept();
    return { values: [...this.values, ...values], secrets: [...this.secrets, ...secrets] };
  }
}
