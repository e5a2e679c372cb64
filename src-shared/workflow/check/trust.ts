import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { nearest } from "../../expression/nearest";
import { compiled } from "../expressions";
import { isListed, listedResources } from "../resource-access";
import type { Path } from "../workflow";
import type { ComponentAt, Rule, Subject } from "./subject";

/** Connections, permissions, and what of privacy and optimization means something here. */
export const trust: Rule = (subject) => {
  for (const at of subject.components) {
    connection(subject, at);
    effects(subject, at);
  }
  secrets(subject);
  privacy(subject);
  permissions(subject);
};

const DATABASES: ReadonlySet<string> = new Set(["sqlite", "postgresql", "mysql"]);

function connection(subject: Subject, { component, path }: ComponentAt): void {
  const name = component.config?.["connection"];
  if (typeof name !== "string" || name === "" || name.includes("{{")) return;
  const at = [...path, "config", "connection"];
  const known = subject.context.connections === undefined ? undefined : [...subject.context.connections];
  const found = known?.find((each) => each.name === name);
  if (known !== undefined && found === undefined) {
    const near = nearest(
      name,
      known.map((each) => each.name),
    );
    const message = near === undefined ? "add it under Connections" : `did you mean ${near}?`;
    subject.report(
      "unknown-connection",
      "warning",
      at,
      `The workspace has no connection ${name}; ${message}${near === undefined ? "." : ""}`,
      near === undefined ? {} : { fix: { title: `Use ${near}`, edit: { kind: "set", path: at, value: near } } },
    );
  }
  const isDatabase = found === undefined ? component.type.startsWith("database") : DATABASES.has(found.kind);
  const sort = isDatabase ? "databases" : "apis";
  const listed = listedResources(subject.permissions, sort);
  if (listed !== undefined && !isListed(listed, name)) notListed(subject, at, `the connection ${name}`, sort, name);
}

function secrets(subject: Subject): void {
  const listed = listedResources(subject.permissions, "secrets");
  if (listed === undefined) return;
  for (const text of subject.expressions) {
    const template = compiled(text);
    if (!template.ok) continue;
    for (const use of template.value.expressions.flatMap(({ names }) => names)) {
      const key = use.name === "secrets" ? use.fields[0]?.key : undefined;
      if (typeof key === "string" && !isListed(listed, key))
        notListed(subject, text.path, `the secret ${key}`, "secrets", key);
    }
  }
}

function notListed(
  subject: Subject,
  path: Path,
  what: string,
  sort: "databases" | "apis" | "secrets",
  name: string,
): void {
  const list = ["permissions", "resource_access", sort];
  const listed = listedResources(subject.permissions, sort) ?? [];
  subject.report(
    "not-permitted",
    "error",
    path,
    `The workflow's permissions.resource_access.${sort} does not list ${what}, so it may not use it.`,
    subject.workflow.permissions === undefined
      ? {}
      : { fix: { title: `Allow ${name}`, edit: { kind: "set", path: list, value: [...listed, name] } } },
  );
}

/** Keys of `privacy` that this studio carries out, by where they stand. */
const PRIVACY: { readonly [where: string]: readonly string[] } = {
  "": ["data_classification", "processing_rules", "compliance"],
  data_classification: ["pii_fields", "sensitive_fields", "public_fields"],
  "processing_rules.pii_fields": ["encrypt_at_rest", "mask_in_logs", "retention_days"],
  "processing_rules.sensitive_fields": ["retention_days"],
};

function privacy(subject: Subject): void {
  for (const [block, path] of privacyBlocks(subject)) {
    const rules = path.at(-1) === "processing_rules" ? block : inner(block, "processing_rules");
    const rulesAt = path.at(-1) === "processing_rules" ? path : [...path, "processing_rules"];
    for (const sort of ["pii_fields", "sensitive_fields"]) {
      for (const key of Object.keys(inner(rules, sort))) {
        if (PRIVACY[`processing_rules.${sort}`]?.includes(key) === true) continue;
        without(subject, [...rulesAt, sort, key], key, "it is kept as documentation");
      }
    }
    const compliance = path.at(-1) === "compliance" ? block : inner(block, "compliance");
    const complianceAt = path.at(-1) === "compliance" ? path : [...path, "compliance"];
    for (const [law, flags] of Object.entries(compliance)) {
      if (flags === undefined) continue;
      without(
        subject,
        [...complianceAt, law],
        law,
        "the rules above and what you do outside decide; it is kept as documentation",
      );
    }
  }
}

/** The privacy block, or its parts where they stand by themselves. */
function privacyBlocks({ document }: Subject): readonly (readonly [JsonObject, Path])[] {
  const written = (document.workflow ?? {}) as { readonly [key: string]: Json | undefined };
  return ["privacy", "processing_rules", "compliance"].flatMap((key) => {
    const block = written[key];
    return isJsonObject(block) ? [[block, [key]] as const] : [];
  });
}

function permissions(subject: Subject): void {
  const written = subject.workflow.permissions === undefined ? "workflow_permissions" : "permissions";
  if (Array.isArray(subject.permissions?.["permissions"]))
    without(
      subject,
      [written, "permissions"],
      "permissions",
      "a workspace has one user, whom the operating system signs in; it is kept as documentation",
    );
  if (inner(subject.permissions ?? {}, "execution_context")["run_as"] !== undefined)
    without(
      subject,
      [written, "execution_context", "run_as"],
      "run_as",
      "components run as whoever started the studio; it is kept as documentation",
    );
}

/** Hints whose wish is the way things are, or cannot be had. */
function effects(subject: Subject, { component, path, descriptor }: ComponentAt): void {
  const { optimization } = component;
  const isRemote = descriptor?.nature === "remote";
  for (const [key, value] of Object.entries(optimization ?? {})) {
    const at = [...path, "optimization", key];
    if (key === "cache_scope") continue;
    if (key === "enable_compression" || key === "connection_pooling") {
      if (!isRemote) without(subject, at, key, `${component.type} calls nothing`);
      else if (value === false)
        without(subject, at, key, "servers are always asked for it and connections are always kept");
    } else if (key === "batch_processing") {
      if (value === false) without(subject, at, key, "batch_size decides");
    } else without(subject, at, key, "nothing reads it");
  }
  const scaling = (component as { readonly scaling?: unknown }).scaling;
  if (scaling !== undefined)
    without(
      subject,
      [...path, "scaling"],
      "scaling",
      "one machine carries all out; concurrency in the settings says how much at once",
    );
}

function without(subject: Subject, path: Path, key: string, why: string): void {
  subject.report("no-effect", "info", path, `${key} has no effect here: ${why}.`, { at: "key" });
}

function inner(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}
