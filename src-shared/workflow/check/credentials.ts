import { literally } from "../../base/pattern";
import { isJsonObject, type Json } from "../../base/json";
import type { Fix } from "../finding";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** Keys whose value is a credential, in lower case without - and _. */
const CREDENTIAL_KEY =
  /(?:password|passwd|passphrase|secret|apikey|accesskey|privatekey|clientkey|authtoken|accesstoken|refreshtoken|bearertoken|apitoken)$|^(?:authorization|proxyauthorization|xapikey|token|auth|pwd)$/;

/** Texts that are credentials wherever they stand. */
const CREDENTIAL_TEXT =
  /\b(?:sk-[A-Za-z0-9_-]{6,}|sk_(?:live|test)_[A-Za-z0-9]{6,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** `https://user:password@host`. */
const URL_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:)([^/\s@]+)@/i;

/** What stands in examples for a value one has to put in. */
const PLACEHOLDER =
  /^(?:\.{2,}|x{3,}|\*+|<[^>]*>|\[REDACTED\]|your[ _-].*|change[ _-]?me|none|null|basic|bearer|api_key)$/i;

/** Keys below which names of fields, not values, are told. */
const NAMES_ONLY = new Set(["sensitive_fields", "schema", "map_fields", "sanitization", "pii_fields", "required"]);

/** Credentials written into the workflow, and sensitive values that code sees in the clear. */
export const credentials: Rule = (subject) => {
  for (const { component, path } of subject.components) {
    if (component.config !== undefined) walk(subject, component.config, [...path, "config"]);
  }
  for (const [name, schema] of Object.entries(subject.workflow.parameters ?? {}))
    defaults(subject, schema, ["parameters", name]);
  for (const [id, undo] of Object.entries(subject.workflow.compensation ?? {})) {
    if (isJsonObject(undo) && isJsonObject(undo["config"]))
      walk(subject, undo["config"], ["compensation", id, "config"]);
  }
  throughCode(subject);
};

function walk(subject: Subject, value: Json, path: Path): void {
  if (typeof value === "string") text(subject, value, path);
  else if (Array.isArray(value))
    (value as readonly Json[]).forEach((item, index) => walk(subject, item, [...path, index]));
  else if (isJsonObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      // A component in place is looked at by itself.
      if (
        child === undefined ||
        NAMES_ONLY.has(key) ||
        ((key === "components" || key === "branches") && Array.isArray(child))
      )
        continue;
      walk(subject, child, [...path, key]);
    }
  }
}

function text(subject: Subject, value: string, path: Path): void {
  const key = String(path.findLast((at) => typeof at === "string"));
  const inUrl = URL_PASSWORD.exec(value);
  if (inUrl !== null && !inUrl[2]!.includes("{{")) {
    const name = secretName(subject, path, "url_password");
    tell(subject, path, "The address holds a password", name, value.replace(URL_PASSWORD, `$1{{ secrets.${name} }}@`));
    return;
  }
  const isKey = CREDENTIAL_KEY.test(key.toLowerCase().replace(/[-_ ]/g, ""));
  const known = CREDENTIAL_TEXT.exec(value);
  if (known === null && (!isKey || value.includes("{{"))) return;
  const scheme = /^(Bearer|Basic|Token|ApiKey)\s+/i.exec(value)?.[0] ?? "";
  const bare = value.slice(scheme.length).trim();
  if (bare.length < 3 || PLACEHOLDER.test(bare)) return;
  const name = secretName(subject, path, key);
  const isWhole = known === null || isKey;
  const safe = isWhole ? `${scheme}{{ secrets.${name} }}` : value.replace(CREDENTIAL_TEXT, `{{ secrets.${name} }}`);
  tell(
    subject,
    path,
    isKey ? `${key} is written into the workflow` : "A credential is written into the workflow",
    name,
    key === "source" ? undefined : safe,
  );
}

function tell(subject: Subject, path: Path, what: string, name: string, value: string | undefined): void {
  const fix: Fix | undefined =
    value === undefined ? undefined : { title: `Use {{ secrets.${name} }}`, edit: { kind: "set", path, value } };
  subject.report(
    "hard-coded-credential",
    "warning",
    path,
    `${what}; keep it among the secrets and write {{ secrets.${name} }}.`,
    { fix },
  );
}

/** `Authorization` of the component `call_crm` becomes `call_crm_token`. */
function secretName(subject: Subject, path: Path, key: string): string {
  const plain = key
    .toLowerCase()
    .replace(/^x-/, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (
    plain === "api_key" ||
    plain.endsWith("_key") ||
    plain.endsWith("_token") ||
    plain.endsWith("_password") ||
    plain.endsWith("_secret")
  )
    return plain;
  if (plain === "authorization" || plain === "auth") return "api_token";
  const owner = subject.workflow.components[path[1] as number]?.id;
  return owner === undefined || owner === "" || path[0] !== "components" ? plain || "credential" : `${owner}_${plain}`;
}

/** A sensitive parameter's default is a credential in the file. */
function defaults(subject: Subject, schema: Json | undefined, path: Path): void {
  if (!isJsonObject(schema)) return;
  const { default: value } = schema;
  if (schema["sensitive"] === true && typeof value === "string" && value.length >= 3 && !PLACEHOLDER.test(value)) {
    const at = [...path, "default"];
    subject.report(
      "hard-coded-credential",
      "warning",
      at,
      `The default of the sensitive parameter ${String(path.at(-1))} is written into the workflow; leave it out.`,
      {
        fix: { title: "Remove the default", edit: { kind: "remove", path: at } },
      },
    );
  }
  if (isJsonObject(schema["properties"])) {
    for (const [key, child] of Object.entries(schema["properties"]))
      defaults(subject, child, [...path, "properties", key]);
  }
}

/** Marks do not survive code: what it computes from a sensitive value is shown like any other. */
function throughCode(subject: Subject): void {
  const sensitive = Object.entries(subject.workflow.parameters ?? {})
    .filter(([, schema]) => holdsSensitive(schema))
    .map(([name]) => name);
  if (sensitive.length === 0) return;
  for (const { component, path } of subject.components) {
    const source = component.config?.["source"];
    if (typeof source !== "string") continue;
    const name = sensitive.find((each) =>
      new RegExp(`\\bparameters(?:\\.|\\[["'])${literally(each)}(?!\\w)`).test(source),
    );
    if (name === undefined) continue;
    const at = source.indexOf(name);
    subject.report(
      "sensitive-through-code",
      "warning",
      [...path, "config", "source"],
      `What this code makes of the sensitive parameter ${name} is no longer hidden.`,
      { at: { from: at, to: at + name.length } },
    );
  }
}

function holdsSensitive(schema: Json | undefined): boolean {
  if (!isJsonObject(schema)) return false;
  return (
    schema["sensitive"] === true ||
    (isJsonObject(schema["properties"]) && Object.values(schema["properties"]).some(holdsSensitive))
  );
}
