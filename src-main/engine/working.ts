import { sep } from "node:path";
import type { ExecutionId } from "@shared/base/ids";
import type { Ms } from "@shared/base/units";
import { isJsonObject } from "@shared/base/json";
import { descriptorOf } from "@shared/components/catalogue";
import { isPure } from "@shared/components/pure";
import type { TaskPlace } from "@shared/execution/effect";
import { idempotencyKey } from "@shared/execution/key";
import type { PlanNode } from "@shared/execution/node";
import { configShape } from "@shared/execution/config-template";
import { personalTexts } from "@shared/execution/personal-texts";
import { sightFrom } from "@shared/execution/sight";
import { partOf, plainJson } from "@shared/execution/parts";
import type { Plan } from "@shared/execution/plan";
import { componentAt } from "@shared/execution/read";
import { namesAt } from "@shared/execution/scope";
import type { ExecutionState } from "@shared/execution/state";
import { NULL_VALUE, type Value } from "@shared/execution/value";
import type { TaskPrivacy, Work } from "@shared/execution/work";
import { privacyOf } from "@shared/workflow/privacy";
import type { Workflow } from "@shared/workflow/workflow";
import type { Lane, Place } from "./ports";

/** How long one attempt of a remote component may take unless it says otherwise. */
const REMOTE_TIMEOUT: Ms = 30_000;

/** An attempt made ready to be carried out, but for the texts its values refer to. */
export interface Ready {
  readonly work: Omit<Work, "texts" | "secrets">;
  readonly lane: Lane;
  /** Its effects are seen outside this process, so the journal must be on the disk before. */
  readonly leaves: boolean;
  /** The cores it asks for. */
  readonly cores?: number;
  /** Whose texts have to be read. */
  readonly values: readonly Value[];
}

/** What attempt `attempt` at `path` takes. */
export function readyFor(
  plan: Plan,
  state: ExecutionState,
  path: string,
  attempt: number,
  place: Place,
  scratch: string,
): Ready | undefined {
  const placed = componentAt(plan, state, path);
  if (placed === undefined) return undefined;
  const { node, state: slot } = placed;
  const config = slot.config ?? NULL_VALUE;
  const input = slot.input ?? NULL_VALUE;
  const written = node.component.config;
  const pure = isPure(node.type, written);
  const context = node.type === "code" ? contextOf(plan, state, path, String(written?.["source"] ?? "")) : undefined;
  const timeoutMs = attemptTimeout(node, config);
  const work = {
    executionId: state.facts.executionId,
    workflowId: plan.workflow.id,
    path,
    attempt,
    key: idempotencyKey(state.facts.executionId, path),
    correlationId: state.facts.correlationId,
    type: node.type,
    config,
    input,
    ...(context === undefined ? {} : { context }),
    limits: {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(node.memoryBytes === undefined ? {} : { memoryBytes: node.memoryBytes }),
    },
    place: placeFor(place, scratch, state.facts.executionId),
    ...taskPrivacy(plan, state, path, node),
    ...(isRestricted(plan.workflow) ? { networkPolicy: "restricted" as const } : {}),
  };
  return {
    work,
    lane: laneOf(node, pure),
    leaves: !pure,
    ...coresOf(node),
    values: context === undefined ? [config, input] : [config, input, context],
  };
}

/** Below the folder for temporary files; the store removes what belongs to executions that are gone. */
const DATASETS = "datasets";

function coresOf({ component }: PlanNode): { readonly cores?: number } {
  const cores = component.resource_limits?.cpu_cores;
  return typeof cores === "number" && cores > 0 ? { cores } : {};
}

/** What of the machine a task of execution `id` may touch. */
export function placeFor(place: Place, scratch: string, id: ExecutionId): TaskPlace {
  const known = places.get(place);
  if (known?.id === id) return known.made;
  const { folder, allowed, hosts, trusted } = place;
  const made = {
    folder,
    allowed: [...new Set([folder, ...allowed])],
    hosts,
    trusted,
    scratch: `${scratch}${sep}${id}`,
    datasets: `${scratch}${sep}${DATASETS}${sep}${id}`,
  };
  places.set(place, { id, made });
  return made;
}

/** Made once an execution: what several tasks have is sent once a message, too. */
const places = new WeakMap<Place, { readonly id: ExecutionId; readonly made: TaskPlace }>();

function isRestricted({ permissions }: Workflow): boolean {
  const context = isJsonObject(permissions) ? permissions["execution_context"] : undefined;
  return isJsonObject(context) && context["network_policy"] === "restricted";
}

/** The names of fields as workers get them; nothing when the workflow has no such fields. */
function taskPrivacy(
  plan: Plan,
  state: ExecutionState,
  path: string,
  { component, type }: PlanNode,
): { readonly privacy?: TaskPrivacy } {
  const { sealed, unlogged } = privacyOf(plan.workflow);
  if (sealed.size + unlogged.size === 0) return {};
  const texts = personalTexts(configShape(component, type), sightFrom(plan, state, path), unlogged);
  return { privacy: { sealed: [...sealed], unlogged: [...unlogged], texts } };
}

function laneOf(node: PlanNode, pure: boolean): Lane {
  if (!pure) return descriptorOf(node.type)?.nature === "remote" ? "remote" : "child";
  // A thread cannot be held to a limit that counts native memory; the sandbox keeps its own.
  return node.memoryBytes !== undefined && node.type !== "code" ? "child" : "thread";
}

function attemptTimeout(node: PlanNode, config: Value): Ms | undefined {
  const part = partOf(config, "timeout");
  const said = part === undefined ? undefined : plainJson(part);
  const descriptor = descriptorOf(node.type);
  const usual = descriptor?.config_schema.properties["timeout"]?.default;
  const seconds = typeof said === "number" && said > 0 ? said : typeof usual === "number" ? usual : undefined;
  const own = seconds === undefined ? (descriptor?.nature === "remote" ? REMOTE_TIMEOUT : undefined) : seconds * 1000;
  if (own === undefined || node.attemptTimeoutMs === undefined) return own ?? node.attemptTimeoutMs;
  return typeof said === "number" ? Math.min(own, node.attemptTimeoutMs) : node.attemptTimeoutMs;
}

/** What `code` sees as `context`: only the parts its source names, since each may be large. */
function contextOf(plan: Plan, state: ExecutionState, path: string, source: string): Value | undefined {
  if (!/\bcontext\b/.test(source)) return undefined;
  const names = namesAt(plan, state, path);
  const fields: { [key: string]: Value } = {};
  for (const name of ["input_data", "parameters", "components", "item", "index", "env", "execution"]) {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    // `context[name]` and `const { … } = context` reach every part, so any mention of a part's name counts.
    if (value !== undefined && (source.includes(name) || /context\s*\[/.test(source))) fields[name] = value;
  }
  return { kind: "object", fields };
}
