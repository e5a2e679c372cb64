import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Json, JsonObject } from "@shared/base/json";
import { readConnectionsFile } from "@shared/components/connections-file";
import type { Outcome, Task } from "@shared/execution/effect";
import { readWorkflow } from "@shared/workflow/file";
import type { Workflow } from "@shared/workflow/workflow";
import { behaviours } from "../../src-main/worker/behaviours/index";
import { runInMemory, type MemoryDriver, type ScriptedAttempt } from "../golden/memory-driver";

/** Where an example runs: its folder with the data, and the hosts that stand for the sample API. */
export interface Place {
  readonly folder: string;
  readonly hosts: { readonly [host: string]: string };
}

/** The examples' folder. */
export const EXAMPLES = resolve("resources/examples");

export function readExample(id: string): Workflow {
  const { workflow } = readWorkflow(readFileSync(join(EXAMPLES, `${id}.workflow.yaml`), "utf8"), "yaml");
  if (workflow === undefined) throw new Error(`${id} cannot be read`);
  return workflow;
}

/** Thrown by a script to have an outcome made; the run begins again with it. */
class Missing extends Error {
  constructor(readonly attempt: ScriptedAttempt) {
    super(attempt.path);
  }
}

/**
 * Runs an example in memory with the real behaviours.
 *
 * The driver's script is synchronous and behaviours are not, so each run goes as far as the outcomes known, then one
 * more is made and it begins again: the fold is deterministic, so it comes to the same place.
 */
export async function runExample(
  workflow: Workflow,
  input: Json,
  place: Place,
  given: JsonObject = {},
): Promise<MemoryDriver> {
  const outcomes = new Map<string, Outcome>();
  const parameters = { ...defaultsOf(workflow), ...given } as { readonly [name: string]: Json };
  for (;;) {
    try {
      return await runInMemory({
        definition: workflow,
        input,
        parameters,
        script: (attempt) => {
          const known = outcomes.get(`${attempt.path}#${attempt.attempt}`);
          if (known === undefined) throw new Missing(attempt);
          return known;
        },
      });
    } catch (thrown) {
      if (!(thrown instanceof Missing)) throw thrown;
      const { attempt } = thrown;
      outcomes.set(`${attempt.path}#${attempt.attempt}`, await carryOut(workflow, attempt, input, parameters, place));
    }
  }
}

function defaultsOf(workflow: Workflow): JsonObject {
  const declared = Object.entries(workflow.parameters ?? {});
  return Object.fromEntries(
    declared.flatMap(([name, schema]) => (schema.default === undefined ? [] : [[name, schema.default]])),
  );
}

/** The connection that the example brings along. */
function servicesFor(id: string, name: Json | undefined): Pick<Task, "services"> {
  if (name === undefined) return {};
  const brought = readConnectionsFile(readFileSync(join(EXAMPLES, `${id}.connections.json`), "utf8"));
  const found = brought.ok ? brought.value.find((each) => each.name === name) : undefined;
  if (found === undefined) throw new Error(`${id} brings no connection ${JSON.stringify(name)}`);
  return { services: { connection: { name: found.name, kind: found.kind, settings: found.settings["*"] ?? {} } } };
}

async function carryOut(
  workflow: Workflow,
  attempt: ScriptedAttempt,
  input: Json,
  parameters: JsonObject,
  place: Place,
): Promise<Outcome> {
  const config = attempt.config as JsonObject;
  if (attempt.type === "workflow_call") {
    const called = readExample(String(config.workflow_id));
    const child = await runExample(called, attempt.input, place, (config.parameters ?? {}) as JsonObject);
    if (child.status === "completed") return { kind: "completed", output: child.output };
    return { kind: "failed", error: { type: "component_error", message: `${called.id} ${child.status}` } };
  }
  const entry = behaviours[attempt.type];
  if (entry === undefined) throw new Error(`nothing carries out ${attempt.type}`);
  const task: Task = {
    executionId: "memory",
    workflowId: workflow.id,
    path: attempt.path,
    attempt: attempt.attempt,
    key: `${workflow.id}/${JSON.stringify(input)}/${attempt.path}`,
    correlationId: "correlation",
    type: attempt.type,
    config,
    input: attempt.input,
    ...(attempt.type === "code" ? { context: { input_data: input, parameters } } : {}),
    sensitive: [],
    limits: {},
    ...servicesFor(workflow.id, config["connection"]),
    place: {
      ...place,
      allowed: [place.folder],
      trusted: false,
      scratch: await mkdtemp(join(tmpdir(), "apg-scratch-")),
    },
  };
  return entry.run(task, { signal: new AbortController().signal, progress: () => undefined });
}
