import { Bug } from "@shared/base/bug";
import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { Keeper } from "@shared/execution/keep";
import type { Value } from "@shared/execution/value";
import { parametersOf } from "./parameters";

/** The name under which an answer is checked as a parameter is. */
const ANSWER = "answer";

/** A form from its JSON text. */
export function formOf(text: string): JsonObject {
  const json = JSON.parse(text) as Json;
  return isJsonObject(json) ? json : {};
}

/** What is wrong with `answer` by `form`, in one sentence a problem; the answer with its defaults filled in otherwise. */
export function checkedAnswer(
  answer: Json,
  form: JsonObject,
): { readonly ok: true; readonly answer: Json } | { readonly ok: false; readonly message: string } {
  const keep: Keeper = {
    keep: (json) => ({ kind: "inline", json }),
    seal: (json) => ({ kind: "inline", json }),
    shrink: (value) => value,
    kept: () => ({ values: [], secrets: [] }),
  };
  const checked = parametersOf(
    { id: "form", components: [], parameters: { [ANSWER]: form } },
    { [ANSWER]: answer },
    keep,
  );
  if (!checked.ok)
    return {
      ok: false,
      message: checked.problem.map(({ message }) => message.replace(/^Parameter (answer\.)?/, "")).join(" "),
    };
  return { ok: true, answer: plain(checked.value.values[ANSWER]) };
}

/** An answer that was checked, as the journal takes it: what the form calls sensitive goes to the vault. */
export function marked(answer: Json, form: JsonObject, keep: Keeper): Value {
  const checked = parametersOf(
    { id: "form", components: [], parameters: { [ANSWER]: form } },
    { [ANSWER]: answer },
    keep,
  );
  // It was checked before it was sent; a form that changed since then lets it pass as it is.
  return (checked.ok ? checked.value.values[ANSWER] : undefined) ?? keep.keep(answer);
}

function plain(value: Value | undefined): Json {
  if (value?.kind === "inline") return value.json;
  if (value?.kind === "object")
    return Object.fromEntries(Object.entries(value.fields).map(([key, field]) => [key, plain(field)]));
  if (value?.kind === "list") return value.items.map(plain);
  throw new Bug("an answer that was checked is kept elsewhere");
}
