import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { memberLists } from "../members";
import type { Component, Path } from "../workflow";
import type { Fix } from "../finding";
import type { ComponentAt, Rule, Subject } from "./subject";

/** Types that handle whole lists by themselves. */
const RECORD_TYPES = new Set(["transform", "filter", "map", "sort", "aggregate", "validate"]);

/** Records handled one by one, and personal data without rules. */
export const data: Rule = (subject) => {
  for (const at of subject.components) rowByRow(subject, at);
  personalData(subject);
};

function rowByRow(subject: Subject, { component, canonical, path }: ComponentAt): void {
  if (
    canonical.type !== "loop" ||
    canonical.config?.["items"] === undefined ||
    canonical.config["batch_size"] !== undefined
  )
    return;
  const list = memberLists(canonical)[0];
  if (list?.members.length !== 1) return;
  const [only] = list.members;
  const member = typeof only === "string" ? subject.graph.byId.get(only)?.component : (only as unknown as Component);
  if (member === undefined || !RECORD_TYPES.has(member.type)) return;
  const fix = typeof only === "string" ? undefined : asOne(component, member, path);
  subject.report(
    "row-by-row",
    "warning",
    path,
    `${component.name ?? component.id} handles records one by one; a ${member.type} takes the whole list at once, which is many times faster.`,
    { at: "component", fix },
  );
}

/** The loop as one component over all items; only where the member does not look at the single item. */
function asOne(loop: Component, member: Component, path: Path): Fix | undefined {
  const { records: _records, single_row: _single, ...config } = member.config ?? {};
  if (/\b(?:item|index)\b/.test(JSON.stringify(config))) return undefined;
  const { config: loopConfig, ...rest } = loop;
  const value = { ...rest, type: member.type, config: { records: loopConfig!["items"]!, ...config } };
  return { title: `Make it one ${member.type}`, edit: { kind: "set", path, value: value as unknown as Json } };
}

/** Field names that hold personal data, as whole names or as the end of one. */
const PERSONAL =
  /^(?:e_?mail|email_address|phone|phone_number|mobile|ssn|social_security_number|passport|passport_number|date_of_birth|birth_date|dob|national_id|tax_id|iban|credit_card|card_number|home_address|street_address)$/;

function personalData(subject: Subject): void {
  const classified = new Set(listed(subject.workflow));
  const found = new Map<string, Path>();
  const note = (name: string, path: Path): void => {
    const plain = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
    if (PERSONAL.test(plain) && !classified.has(name) && !classified.has(plain) && !found.has(name))
      found.set(name, path);
  };
  for (const { component, path } of subject.components)
    if (component.config !== undefined) keys(component.config, [...path, "config"], note);
  for (const name of Object.keys(subject.workflow.parameters ?? {})) note(name, ["parameters", name]);
  if (found.size === 0) return;
  const names = [...found.keys()];
  const [first] = found.values();
  const all = [...classified, ...names];
  const rules = subject.workflow.privacy?.["processing_rules"];
  const value = {
    data_classification: {
      ...(isJsonObject(subject.workflow.privacy?.["data_classification"])
        ? subject.workflow.privacy["data_classification"]
        : {}),
      pii_fields: all,
    },
    processing_rules: {
      ...(isJsonObject(rules) ? rules : {}),
      pii_fields:
        isJsonObject(rules) && isJsonObject(rules["pii_fields"])
          ? rules["pii_fields"]
          : { mask_in_logs: true, encrypt_at_rest: true, retention_days: 90 },
    },
  };
  const fix: Fix = {
    title: `List ${names.join(", ")} as personal data`,
    edit: { kind: "merge", value: { privacy: value } },
  };
  subject.report(
    "pii-rules",
    "warning",
    first!,
    `Personal data (${names.join(", ")}) is used, and privacy does not say how it is handled.`,
    { at: "key", fix },
  );
}

function listed(workflow: { readonly [key: string]: unknown }): readonly string[] {
  const privacy = workflow["privacy"];
  const inPrivacy = isJsonObject(privacy) ? privacy["data_classification"] : undefined;
  const classification = isJsonObject(inPrivacy) ? inPrivacy : workflow["data_classification"];
  if (!isJsonObject(classification)) return [];
  return Object.values(classification).flatMap((fields) =>
    Array.isArray(fields) ? (fields as readonly Json[]).filter((field) => typeof field === "string") : [],
  );
}

/** Visits the names of fields in a config: schema properties, renames, computed fields, conditions. */
function keys(value: JsonObject, path: Path, note: (name: string, path: Path) => void): void {
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined || key === "components" || key === "branches") continue;
    const at = [...path, key];
    note(key, at);
    if (key === "map_fields" && isJsonObject(child))
      for (const [from, to] of Object.entries(child)) if (typeof to === "string") note(to, [...at, from]);
    if (isJsonObject(child)) keys(child, at, note);
    else if (Array.isArray(child))
      (child as readonly Json[]).forEach((item, index) => isJsonObject(item) && keys(item, [...at, index], note));
  }
}
