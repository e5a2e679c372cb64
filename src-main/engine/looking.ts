import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import { evaluateWatch, watchNeeds } from "@shared/debug/condition";
import { openerOf } from "@shared/execution/opened";
import type { Plan } from "@shared/execution/plan";
import type { ExecutionState } from "@shared/execution/state";
import { inline, REDACTED } from "@shared/execution/value";
import type { Evaluated } from "./engine";
import type { Texts } from "./texts";

/** Evaluates what a person asks to see; sensitive results are redacted, and nothing changes. */
export async function look(
  texts: Texts,
  id: ExecutionId,
  expression: string,
  where: { readonly plan: Plan; readonly state: ExecutionState; readonly path: ComponentPath },
): Promise<Evaluated> {
  const needs = watchNeeds(expression, where);
  const referred = await texts.referred(id, needs);
  // Once an execution has ended its sensitive values are gone, and would be redacted anyway.
  if ("kind" in referred) return { ok: true, json: REDACTED, redacted: true };
  const opener = openerOf(
    (kind, text) =>
      referred[kind][text] ??
      (kind === "texts" ? texts.stored(id, text) : (texts.sealed(id, text) ?? JSON.stringify(REDACTED))),
  );
  const result = evaluateWatch(expression, {
    ...where,
    access: { read: opener.read, mark: inline, keep: (value) => value },
    at: Date.now(),
    clock: () => performance.now(),
  });
  if (!result.ok) return { ok: false, message: result.problem };
  const { json, sensitive } = result.value;
  return { ok: true, json: sensitive ? REDACTED : json, redacted: sensitive };
}
