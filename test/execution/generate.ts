import fc from "fast-check";
import type { Json } from "@shared/base/json";
import type { Outcome } from "@shared/execution/effect";
import type { ErrorType } from "@shared/execution/error";
import { randomStream } from "@shared/execution/random";
import type { Component, Connection, Workflow } from "@shared/workflow/workflow";
import type { ScriptedAttempt } from "../golden/memory-driver";

/** A workflow and how its components behave, both made from one seed so that a failure can be told in a line. */
export interface Sample {
  readonly seed: number;
  readonly definition: Workflow;
  readonly input: Json;
  readonly script: (attempt: ScriptedAttempt) => Outcome;
}

/** What a sample may hold. */
export interface SampleOptions {
  /** Whether the order of outcomes may change the result: first-come merges and races, untolerated failures. */
  readonly racy: boolean;
  /** Whether components have entries in `compensation`; without races the execution then fails at its very end. */
  readonly undoes?: boolean;
}

/** Samples by seed. */
export function samples(options: SampleOptions): fc.Arbitrary<Sample> {
  return fc.integer({ min: 1, max: 1_000_000_000 }).map((seed) => sample(seed, options));
}

/** A stream of choices, for `pick` and the like. */
export function chooser(seed: number | string): (count: number) => number {
  const next = randomStream(String(seed));
  return (count) => Math.floor(next() * count);
}

const TYPES = ["map", "log", "http_request", "filter"] as const;
const ERRORS: readonly ErrorType[] = ["timeout", "server_error", "bad_request", "component_error"];

/** The sample of one seed. */
export function sample(seed: number, { racy, undoes = false }: SampleOptions): Sample {
  const choose = chooser(seed);
  const compensation: { [id: string]: Json } = {};
  const chance = (percent: number): boolean => choose(100) < percent;
  let count = 0;
  const fresh = (prefix: string): string => `${prefix}${(count += 1)}`;

  const members = (depth: number, most: number): { components: Component[]; connections: Connection[] | undefined } => {
    const components = Array.from({ length: 1 + choose(most) }, () => component(depth));
    if (chance(40)) return { components, connections: undefined };
    const connections: Connection[] = [];
    for (let at = 1; at < components.length; at += 1) {
      for (let times = 1 + choose(2); times > 0; times -= 1) connect(connections, components, choose(at), at);
    }
    return { components, connections };
  };
  const connect = (connections: Connection[], components: readonly Component[], from: number, to: number): void => {
    const source = components[from] as Component;
    const target = components[to] as Component;
    const roll = choose(10);
    if (source.type === "decision")
      connections.push({ source: source.id, target: target.id, case: chance(50) ? "yes" : "no" });
    else if (roll < 6) connections.push({ source: source.id, target: target.id });
    else if (roll < 8) connections.push({ source: source.id, target: target.id, type: "error" });
    else
      connections.push({
        source: source.id,
        target: target.id,
        type: "conditional",
        condition: `${source.id}.completed`,
      });
  };
  const nested: Connection[] = [];
  const inside = (depth: number): readonly Component[] => {
    const inner = members(depth + 1, 3);
    nested.push(...(inner.connections ?? []));
    return inner.components;
  };
  const component = (depth: number): Component => {
    const roll = choose(100);
    if (depth < 3 && roll < 12) {
      const branches = Array.from({ length: 1 + choose(3) }, () => ({
        id: fresh("branch"),
        components: inside(depth) as unknown as Json,
        ...(racy && chance(10) ? { timeout: 0.01 } : {}),
      }));
      const config = {
        branches,
        ...(racy && chance(30) ? { wait_for_all: false } : {}),
        ...(chance(30) ? { max_concurrency: 1 + choose(2) } : {}),
      };
      return {
        id: fresh("fork"),
        type: "parallel",
        config: config as unknown as Component["config"],
        ...tolerance(true),
      };
    }
    if (depth < 3 && roll < 24) {
      const items = Array.from({ length: choose(5) }, (_, at) => at);
      const config = {
        items: chance(50) ? items : "{{ input_data.items }}",
        components: inside(depth) as unknown as Json,
        ...(chance(50) ? { max_concurrency: 1 + choose(3) } : {}),
        ...(chance(20) ? { batch_size: 2 } : {}),
        on_item_failure: racy && chance(50) ? "fail" : "continue",
      };
      return { id: fresh("each"), type: "loop", config, ...tolerance(true) };
    }
    if (roll < 30) {
      const mode = racy ? ["all", "any", "first"][choose(3)] : "all";
      return { id: fresh("join"), type: "merge", config: { mode: mode as string }, ...tolerance() };
    }
    if (roll < 36) {
      const cases = [
        { id: "yes", condition: chance(50) },
        { id: "no", condition: true },
      ];
      return { id: fresh("route"), type: "decision", config: { cases }, ...tolerance() };
    }
    if (roll < 42) {
      const limit = racy && chance(30) ? { timeout: 0.005 } : {};
      if (chance(60))
        return { id: fresh("pause"), type: "wait", config: { duration: choose(30) / 1000, ...limit }, ...tolerance() };
      const escalation = chance(50) ? { escalation: { assignee: "second" } } : {};
      const config = { form: {}, deadline: (1 + choose(20)) / 1000, ...escalation };
      return { id: fresh("task"), type: "human_task", config, ...tolerance() };
    }
    const isIn = chance(50)
      ? { value: "{{ input }}" }
      : { value: "{{ default(input_data.n, 0) + 1 }}", at: "{{ random() }}" };
    const id = fresh("step");
    if (undoes && chance(60)) compensation[id] = undo();
    return {
      id,
      type: TYPES[choose(TYPES.length)] as string,
      config: isIn,
      ...(chance(10) ? { condition: "input_data.n > 2" } : {}),
      ...(chance(5) ? { disabled: true } : {}),
      ...(chance(30) ? { retry_policy: { max_attempts: 1 + choose(3), initial_delay_ms: 10 } } : {}),
      ...(racy && chance(5) ? { resource_limits: { timeout_seconds: 0.005 } } : {}),
      ...tolerance(),
    };
  };
  const undo = (): Json => ({
    component: "http_request",
    config: { was: "{{ output }}", of: "{{ input }}", at: "{{ random() }}", from: "{{ default(item, 'no loop') }}" },
    ...(chance(50) ? { retry_policy: { max_attempts: 1 + choose(2), initial_delay_ms: 10 } } : {}),
  });
  const tolerance = (isOwner = false): Partial<Component> => {
    if (racy && chance(isOwner ? 50 : 70)) return {};
    return { error_handling: { on_failure: chance(50) ? "log_and_continue" : "continue_to_fallback" } };
  };

  const root = members(0, 6);
  const connections =
    root.connections === undefined && nested.length === 0
      ? undefined
      : [...(root.connections ?? implied(root.components)), ...nested];
  return {
    seed,
    definition: {
      id: "sampled",
      components: root.components,
      ...(connections === undefined ? {} : { connections }),
      ...(undoes ? { compensation } : {}),
      ...(undoes && chance(30) ? { error_recovery: { notification_channels: ["email"] } } : {}),
      ...(undoes && !racy ? { outputs: { none: "{{ input_data.nothing.there }}" } } : {}),
    },
    input: { n: choose(5), items: [1, 2, 3].slice(0, choose(4)) },
    script: scriptOf(seed),
  };
}

function implied(components: readonly Component[]): Connection[] {
  return components.slice(1).map((target, at) => ({ source: (components[at] as Component).id, target: target.id }));
}

/** Outcomes depend on path and attempt alone, never on when they are asked for. */
function scriptOf(seed: number): Sample["script"] {
  return ({ path, type, attempt, input, config }) => {
    const choose = chooser(`${seed}/${path}/${attempt}`);
    if (choose(100) < 20)
      return { kind: "failed", error: { type: ERRORS[choose(ERRORS.length)] as ErrorType, message: "scripted" } };
    if (type === "decision") {
      const cases = (config as { cases: readonly { id: string; condition: boolean }[] }).cases;
      return { kind: "completed", output: input, chosen: cases.find(({ condition }) => condition)?.id ?? "no" };
    }
    return { kind: "completed", output: { from: path, config, input: JSON.stringify(input).slice(0, 200) } };
  };
}
