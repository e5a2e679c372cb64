import { isJsonObject, type Json } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { evaluateTemplate, sentence } from "@shared/expression/evaluate";
import { compileTemplate, isTemplate } from "@shared/expression/template";
import type { Starting } from "@shared/workflow/triggers/trigger";

/** What a start is given. */
export interface Given {
  readonly input: Json;
  readonly parameters: { readonly [name: string]: Json };
}

/** Evaluates a trigger's `input` and `parameters` over the event; a sentence when that fails. */
export function givenBy(
  trigger: Starting,
  event: Json,
  brought: Json,
  env: { readonly [name: string]: string },
  now: number,
): Result<Given, string> {
  const names = Object.assign(Object.create(null) as object, { event, env });
  const fill = (value: Json): Json => {
    if (typeof value === "string" && isTemplate(value)) {
      const compiled = compileTemplate(value);
      if (!compiled.ok) throw new Unfit(sentence(compiled.problem));
      const evaluated = evaluateTemplate(compiled.value, { names, now, random: () => 0 });
      if (!evaluated.ok) throw new Unfit(sentence(evaluated.problem));
      return evaluated.value.json;
    }
    if (Array.isArray(value)) return value.map((item) => fill(item as Json));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item ?? null)]));
  };
  try {
    const parameters = fill(trigger.parameters ?? {});
    return ok({
      input: trigger.input === undefined ? brought : fill(trigger.input),
      parameters: isJsonObject(parameters) ? (parameters as Given["parameters"]) : {},
    });
  } catch (error) {
    if (error instanceof Unfit) return fail(error.message);
    throw error;
  }
}

class Unfit extends Error {}
