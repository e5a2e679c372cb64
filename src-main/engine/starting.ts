import type { ExecutionId } from "@shared/base/ids";
import { isJsonObject, type Json } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import type { Result } from "@shared/base/result";
import { RULES, type ExecutionStarted, type Parent } from "@shared/execution/event";
import { keeper } from "@shared/execution/keep";
import { partOf } from "@shared/execution/parts";
import { inline, NULL_VALUE, type Value } from "@shared/execution/value";
import type { Workflow } from "@shared/workflow/workflow";
import { privacyOf } from "@shared/workflow/privacy";
import type { Kept } from "@shared/execution/work";
import type { EngineProblem, StartRequest } from "./engine";
import { executionId } from "./identity";
import { parametersOf } from "./parameters";
import type { Clock, ExecutionHead, Place } from "./ports";
import { recipeOf, type Recipe } from "./recipes";

/** A start worked out: the first event and what the store keeps beside it. */
export interface Start {
  readonly head: ExecutionHead;
  readonly recipe: Recipe;
  readonly event: ExecutionStarted;
  readonly kept: Kept;
}

/** What a call adds to a start. */
export interface Called {
  readonly id: ExecutionId;
  readonly parent: Parent;
  readonly rootId: ExecutionId;
  readonly correlationId: string;
  /** The call's input, as the child may hold it already. */
  readonly input: { readonly value: Value; readonly kept: Kept; readonly shown: Json };
  /** What started the caller, where the child is to see it. */
  readonly event?: { readonly value: Value; readonly kept: Kept };
  /** Sensitive texts the caller made the parameters of. */
  readonly sensitive: readonly string[];
}

/** Works out a start, checking the parameters; nothing is written yet. */
export function startOf(
  request: StartRequest,
  clock: Clock,
  called?: Called,
  queue?: ExecutionHead["queue"],
): Result<Start, EngineProblem> {
  const recipe = recipeOf(request.definition);
  if (!recipe.ok) return recipe;
  const { definition } = request;
  const { sealed, retentionDays } = privacyOf(recipe.value.plan.workflow);
  const keep = keeper("start~", sealed);
  const parameters = parametersOf(definition, request.parameters, keep, called?.sensitive, sealed);
  if (!parameters.ok) {
    const message = parameters.problem.map((problem) => problem.message).join(" ");
    return fail({ kind: "invalid-parameters", type: "validation_error", message, parameters: parameters.problem });
  }
  const id = called?.id ?? request.id ?? executionId(clock);
  const at = clock.now();
  const input = called?.input.value ?? keep.keep(request.input, parameters.value.finder);
  const started =
    called?.event?.value ??
    (request.event === undefined
      ? byHand(definition, called, request.input, input)
      : keep.keep(request.event, parameters.value.finder));
  const kept = keep.kept();
  const parent = called?.parent ?? request.parent;
  const event: ExecutionStarted = {
    kind: "execution-started",
    at,
    executionId: id,
    rules: RULES,
    definition,
    ...(request.definitionText === undefined ? {} : { definitionText: request.definitionText }),
    input,
    ...(started === undefined ? {} : { event: started }),
    parameters: parameters.value.values,
    env: request.env,
    seed: request.seed ?? clock.random(16),
    correlationId: called?.correlationId ?? request.correlationId ?? id,
    ...(parent === undefined ? {} : { parent }),
    rootId: called?.rootId ?? id,
    ...(queue === undefined ? {} : { queued: true }),
  };
  const head: ExecutionHead = {
    id,
    workflowId: definition.id,
    workflowName: definition.name ?? definition.id,
    workflowVersion: definition.version ?? "",
    startedAt: at,
    debug: request.debug === true,
    place: placeOf(request),
    ...(parent === undefined ? {} : { parent }),
    rootId: event.rootId,
    ...(queue === undefined ? {} : { queue }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(request.environment === undefined ? {} : { environment: request.environment }),
    ...(request.lab === undefined ? {} : { lab: true }),
    ...(request.lab?.isOutlived === true ? { outlivesLab: true } : {}),
    given: {
      input: shownInput(called?.input.shown ?? request.input, input),
      parameters: parameters.value.shown,
      env: request.env,
    },
  };
  const all = [kept, called?.input.kept, called?.event?.kept].filter((one) => one !== undefined);
  return ok({
    head,
    recipe: recipe.value,
    event,
    kept: { values: all.flatMap((one) => one.values), secrets: all.flatMap((one) => one.secrets) },
  });
}

/** The most fields of an input that stand for an event's. */
const MOST_FIELDS = 1000;

/** What stands for the event when a workflow with triggers is started by a person: the input's fields. */
function byHand({ triggers = [] }: Workflow, called: Called | undefined, json: Json, input: Value): Value | undefined {
  if (triggers.length === 0 || called !== undefined) return undefined;
  const keys = isJsonObject(json) ? Object.keys(json).slice(0, MOST_FIELDS) : [];
  const fields = keys.map((key) => [key, partOf(input, key) ?? NULL_VALUE] as const);
  return { kind: "object", fields: { ...Object.fromEntries(fields), type: inline("manual") } };
}

/** The input for lists of last inputs: large ones and those with sensitive parts are not repeated there. */
function shownInput(json: Json, value: Value): Json {
  return value.kind === "inline" ? json : null;
}

function placeOf({ folder, allowed, hosts, trusted, neighbours }: StartRequest): Place {
  return { folder, allowed, hosts, trusted, ...(neighbours === undefined ? {} : { neighbours }) };
}
