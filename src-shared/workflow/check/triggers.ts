import { nearest } from "../../expression/nearest";
import { triggerKeys } from "../triggers/keys";
import { readTrigger } from "../triggers/read";
import type { WebhookTrigger } from "../triggers/trigger";
import { isTemplate, compileTemplate } from "../../expression/template";
import { sentence } from "../../expression/problem";
import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** What starts the workflow: whether each trigger can work, and whether each is told from the others. */
export const triggers: Rule = (subject) => {
  const hooks = new Map<string, number>();
  (subject.workflow.triggers ?? []).forEach((written, index) => {
    const path: Path = ["triggers", index];
    keys(subject, written, path);
    const read = readTrigger(written);
    if (!read.ok) {
      for (const { rule, path: inner, message, meant } of read.problem) {
        const at = [...path, ...inner];
        const fix =
          meant === undefined
            ? undefined
            : { title: `Write ${String(meant)}`, edit: { kind: "set", path: at, value: meant } as const };
        subject.report(rule, "error", at, message, { fix });
      }
      return;
    }
    if (read.value.type === "webhook") webhook(subject, read.value, path, hooks, index);
    given(subject, read.value.parameters, path);
    templates(subject, read.value.input ?? null, [...path, "input"]);
    templates(subject, read.value.parameters ?? null, [...path, "parameters"]);
  });
};

/** Keys that mean nothing to this type of trigger. */
function keys(subject: Subject, written: JsonObject, path: Path): void {
  const known = triggerKeys(written["type"]);
  if (known === undefined) return;
  for (const key of Object.keys(written)) {
    if (key === "type" || known.includes(key) || key.startsWith("x-")) continue;
    const near = nearest(key, known);
    const fix =
      near === undefined || written[near] !== undefined
        ? undefined
        : { title: `Rename to ${near}`, edit: { kind: "move", from: [...path, key], to: [...path, near] } as const };
    const type = String(written["type"]);
    const message = `${/^[aeiou]/.test(type) ? "An" : "A"} ${type} trigger has no ${key}`;
    subject.report(
      "unknown-key",
      "warning",
      [...path, key],
      near === undefined ? `${message}.` : `${message}: ${near}?`,
      {
        at: "key",
        fix,
      },
    );
  }
}

function webhook(
  subject: Subject,
  trigger: WebhookTrigger,
  path: Path,
  hooks: Map<string, number>,
  index: number,
): void {
  const address = `${trigger.method} ${trigger.path}`;
  const other = hooks.get(address);
  if (other !== undefined)
    subject.report(
      "trigger",
      "error",
      [...path, "path"],
      `Trigger ${other + 1} of this workflow answers ${address} already.`,
    );
  hooks.set(address, index);
  const { signature } = trigger;
  if (signature === undefined)
    subject.report(
      "unsigned-webhook",
      "info",
      [...path, "path"],
      "Whoever reaches this address starts the workflow; a signature says who may.",
    );
  else if ("name" in signature.secret) {
    const { name } = signature.secret;
    const names = subject.context.secrets === undefined ? undefined : [...subject.context.secrets];
    if (names !== undefined && !names.includes(name)) {
      const near = nearest(name, names);
      const message = `The workspace has no secret ${name}${near === undefined ? "; requests are refused until it has." : `; did you mean ${near}?`}`;
      subject.report("unknown-name", "warning", [...path, "signature", "secret"], message);
    }
  } else
    subject.report(
      "hardcoded-secret",
      "warning",
      [...path, "signature", "secret"],
      "The secret stands in the text; keep it as a secret of the workspace and write {{ secrets.NAME }}.",
    );
}

/** A start without a parameter that has to be given is refused; better said while it is written. */
function given(
  subject: Subject,
  parameters: { readonly [name: string]: Json | undefined } | undefined,
  path: Path,
): void {
  const declared = subject.workflow.parameters ?? {};
  for (const name of Object.keys(parameters ?? {}))
    if (!Object.hasOwn(declared, name))
      subject.report(
        "unknown-parameter",
        "error",
        [...path, "parameters", name],
        `The workflow has no parameter ${name}.`,
        {
          at: "key",
        },
      );
  const missing = Object.entries(declared)
    .filter(
      ([name, schema]) =>
        schema["default"] === undefined && schema["required"] !== false && parameters?.[name] === undefined,
    )
    .map(([name]) => name);
  if (missing.length > 0)
    subject.report(
      "missing-parameters",
      "warning",
      path,
      `What this trigger starts is refused without ${missing.join(", ")}; give ${missing.length === 1 ? "it" : "them"} under parameters.`,
    );
}

function templates(subject: Subject, value: Json, path: Path): void {
  if (typeof value === "string" && isTemplate(value)) {
    const compiled = compileTemplate(value);
    if (!compiled.ok) {
      subject.report("expression", "error", path, sentence(compiled.problem), { at: compiled.problem.at });
      return;
    }
    for (const { names } of compiled.value.expressions)
      for (const use of names)
        if (use.name !== "event" && use.name !== "env" && !use.guarded)
          subject.report("unknown-name", "error", path, `Only event and env are known here, not ${use.name}.`, {
            at: use.at,
          });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => templates(subject, item as Json, [...path, index]));
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) templates(subject, item ?? null, [...path, key]);
  }
}
