import type { Json } from "@shared/base/json";
import type { ComponentError } from "@shared/execution/error";
import type { Plan } from "@shared/execution/plan";
import type { ComponentState, Frame, UndoStep } from "@shared/execution/state";
import type { Replayed } from "@shared/execution/replay";
import { talliesOf } from "@shared/execution/tally";
import { isMaskedAt, type Masker } from "@shared/execution/mask";
import { REDACTED, type Value } from "@shared/execution/value";
import type { ComponentReport, ErrorReport, RunReport, UndoReport } from "./host";

type Read = (value: Value) => Promise<Json>;

/** The result of an execution as `--json` gives it. Sensitive values and personal data read `[REDACTED]`; `masker` has seen its journal. */
export async function reportOf({ plan, state }: Replayed, masker: Masker, readWhole: Read): Promise<RunReport> {
  const read: Read = async (value) =>
    isMaskedAt(value, [], masker.fields) ? REDACTED : masker.json(await readWhole(value));
  const components: { [id: string]: ComponentReport } = {};
  await addFrame(plan, state.root, read, components);
  const { error } = state;
  return {
    execution_id: state.facts.executionId,
    workflow_id: plan.workflow.id,
    workflow_version: plan.workflow.version ?? "0.0.0",
    status: state.status,
    output: state.output === undefined ? null : await read(state.output),
    ...(error
      ? {
          error: { ...errorReport(error), ...(error.component ? { component: error.component } : {}) },
        }
      : {}),
    warnings: state.warnings.map((warning) => masker.text(warning)),
    duration_ms: (state.settledAt ?? state.facts.startedAt) - state.facts.startedAt,
    components,
    ...(state.undoing === undefined ? {} : { undo: state.undoing.steps.map((step) => undoReport(plan, step)) }),
  };
}

function undoReport(plan: Plan, { path, of, slot }: UndoStep): UndoReport {
  const node = plan.undo.nodes.get(path.slice(path.lastIndexOf("/") + 1));
  return {
    ...(of === undefined ? {} : { component: of }),
    type: node?.type ?? "",
    status: slot.status,
    attempts: slot.attempts.length,
    ...(slot.error ? { error: errorReport(slot.error) } : {}),
  };
}

async function addFrame(plan: Plan, frame: Frame, read: Read, into: { [id: string]: ComponentReport }): Promise<void> {
  const scope = plan.scopes[frame.scope];
  for (const [position, slot] of frame.slots.entries()) {
    const node = plan.nodes[scope?.members[position] ?? -1];
    if (!node) continue;
    into[node.id] = await componentReport(node.type, slot, read);
    const owner = slot.owner;
    if (owner?.kind === "parallel")
      for (const branch of owner.branches) if (branch) await addFrame(plan, branch, read, into);
    if (owner?.kind !== "loop") continue;
    // A loop that failed holds the round it failed with, which came after the last that ended well.
    const round = owner.open[0] ?? owner.last;
    if (round) await addFrame(plan, round, read, into);
    for (const [id, rounds] of Object.entries(talliesOf(plan, slot))) {
      const type = plan.byId.get(id)?.type ?? "";
      into[id] = { ...(into[id] ?? { type, status: "pending", attempts: 0, output: null }), rounds };
    }
  }
}

async function componentReport(type: string, slot: ComponentState, read: Read): Promise<ComponentReport> {
  return {
    type,
    status: slot.status,
    attempts: slot.attempts.length,
    output: slot.output === undefined ? null : await read(slot.output),
    ...(slot.error ? { error: errorReport(slot.error) } : {}),
    ...(slot.startedAt === undefined ? {} : { started_at: new Date(slot.startedAt).toISOString() }),
    ...(slot.settledAt === undefined ? {} : { completed_at: new Date(slot.settledAt).toISOString() }),
  };
}

function errorReport({ type, message, place }: ComponentError): ErrorReport {
  return { type, message, ...(place === undefined ? {} : { place }) };
}
