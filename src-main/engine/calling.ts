import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import { isJsonObject, type Json } from "@shared/base/json";
import { openerOf } from "@shared/execution/opened";
import { partOf, plainJson } from "@shared/execution/parts";
import { componentAt } from "@shared/execution/read";
import { NULL_VALUE, type Value } from "@shared/execution/value";
import type { Finished } from "@shared/execution/work";
import { NOTHING_KEPT } from "@shared/execution/keep";
import type { Course } from "./course";
import type { Ended, EngineProblem, StartRequest } from "./engine";
import { failing } from "./failing";
import type { DefinitionsPort, ExecutionsPort } from "./ports";
import type { Called } from "./starting";
import { rehome, type Texts } from "./texts";

/** How deep workflows may call one another. */
const DEEPEST = 32;

/** What calling needs of the engine. */
export interface CallRooms {
  readonly executions: ExecutionsPort;
  readonly texts: Texts;
  readonly definitions: DefinitionsPort;
  start(request: StartRequest, called: Called, depth: number, definitions: DefinitionsPort): EngineProblem | undefined;
  resume(id: ExecutionId): Promise<void>;
  /** Rejects when `signal` says that nobody waits any more. */
  settled(id: ExecutionId, signal?: AbortSignal): Promise<Ended>;
  isLive(id: ExecutionId): boolean;
}

/** Carries out a `workflow_call`: starts the child, or takes it up where it is, and waits for its end. */
export async function callWorkflow(
  rooms: CallRooms,
  course: Course,
  path: ComponentPath,
  attempt: number,
  child: ExecutionId,
  signal: AbortSignal,
): Promise<Finished> {
  const slot = componentAt(course.plan, course.state, path)?.state;
  const config = slot?.config ?? NULL_VALUE;
  const existing = rooms.executions.head(child);
  if (existing === undefined) {
    const problem = await startChild(rooms, course, path, child, config, slot?.input ?? NULL_VALUE, signal);
    if (problem !== undefined) return problem;
  } else if (existing.settlement === undefined && !rooms.isLive(child)) {
    await rooms.resume(child);
  }
  const waits = setting(config, "wait") !== false;
  if (!waits)
    return {
      kind: "completed",
      output: { kind: "inline", json: { execution_id: child } },
      facts: "started",
      kept: NOTHING_KEPT,
    };
  return outcomeOf(rooms, await rooms.settled(child, signal), `${path}@${attempt}`);
}

async function startChild(
  rooms: CallRooms,
  course: Course,
  path: ComponentPath,
  child: ExecutionId,
  config: Value,
  input: Value,
  signal: AbortSignal,
): Promise<Finished | undefined> {
  if (course.parts.depth >= DEEPEST)
    return failing("resource_limit_exceeded", `Workflows call one another more than ${DEEPEST} deep.`);
  const workflowId = setting(config, "workflow_id");
  const range = setting(config, "version");
  if (typeof workflowId !== "string" || workflowId === "")
    return failing("validation_error", "A workflow_call needs the id of a workflow.");
  const definitions = course.parts.definitions;
  const wanted = typeof range === "string" ? range : undefined;
  const found = await definitions.resolve(workflowId, wanted);
  if (found === undefined)
    return failing(
      "not_found",
      `There is no workflow ${workflowId}${wanted === undefined ? "" : ` of version ${wanted}`}.`,
    );
  const opener = openerOf((kind, id) => course.text(kind, id));
  const given = partOf(config, "parameters");
  const parameters = given === undefined ? {} : opener.read(given).json;
  const own = partOf(config, "input") ?? input;
  const moved = rehome(own, "start~i", (kind, id) =>
    kind === "stored" ? rooms.texts.stored(course.id, id) : rooms.texts.sealed(course.id, id),
  );
  const { place, environment } = course.parts.head;
  const { facts } = course.state;
  const inherits = course.plan.workflow.execution_context?.["inherit_event_context"] === true;
  const event =
    facts.event === undefined || !inherits
      ? undefined
      : rehome(facts.event, "start~e", (kind, id) =>
          kind === "stored" ? rooms.texts.stored(course.id, id) : rooms.texts.sealed(course.id, id),
        );
  if ("kind" in moved || (event !== undefined && "kind" in event))
    return failing("expression_error", "A sensitive value it needs is no longer in the vault.");
  // Nobody could stop what did not exist yet.
  if (signal.aborted) return failing("cancelled", "It was stopped.");
  const problem = rooms.start(
    {
      definition: found.definition,
      ...(found.text === undefined ? {} : { definitionText: found.text }),
      input: null,
      parameters: isJsonObject(parameters) ? (parameters as { [name: string]: Json }) : {},
      env: facts.env,
      ...(environment === undefined ? {} : { environment }),
      ...place,
      folder: found.folder ?? place.folder,
      allowed: [...new Set([place.folder, ...place.allowed])],
      debug: course.parts.head.debug,
      ...(course.parts.lab === undefined ? {} : { lab: course.parts.lab }),
    },
    {
      id: child,
      parent: { executionId: course.id, path },
      rootId: facts.rootId,
      correlationId: facts.correlationId,
      input: { value: moved.value, kept: moved.kept, shown: plainJson(moved.value) ?? null },
      ...(event === undefined ? {} : { event: { value: event.value, kept: event.kept } }),
      sensitive: opener.sensitiveTexts(),
    },
    course.parts.depth + 1,
    definitions,
  );
  if (problem === undefined) return undefined;
  return failing(
    "validation_error",
    "message" in problem ? problem.message : `The workflow ${workflowId} could not be started.`,
  );
}

function setting(config: Value, key: string): Json | undefined {
  const part = partOf(config, key);
  return part === undefined ? undefined : plainJson(part);
}

/** The child's end as the parent's outcome; what its output refers to is copied, since each execution keeps its own. */
function outcomeOf(rooms: CallRooms, ended: Ended, prefix: string): Finished {
  if (ended.status === "cancelled") return failing("cancelled", "The called workflow was cancelled.");
  if (ended.status === "failed") {
    const error = ended.error ?? { type: "component_error", message: "The called workflow failed." };
    return { kind: "failed", error: { type: error.type, message: messageOf(error, ended) }, kept: NOTHING_KEPT };
  }
  const moved = rehome(ended.output, prefix, (kind, id) =>
    kind === "stored" ? rooms.texts.stored(ended.id, id) : rooms.texts.sealed(ended.id, id),
  );
  if ("kind" in moved)
    return failing("expression_error", "A sensitive value of the called workflow is no longer in the vault.");
  const warnings = ended.status === "completed_with_warnings" ? { warnings: ended.warnings } : {};
  const undoable = ended.undoable === undefined ? {} : { undoable: ended.undoable };
  return { kind: "completed", output: moved.value, kept: moved.kept, ...warnings, ...undoable };
}

/** What went wrong, and what of it stays done. */
function messageOf({ message }: { readonly message: string }, { undo }: Ended): string {
  const missed = (undo?.failed ?? 0) + (undo?.left ?? 0);
  return missed === 0 ? message : `${message} (${missed} of its components could not be undone)`;
}
