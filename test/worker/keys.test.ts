import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isJsonObject, type Json } from "@shared/base/json";
import { descriptorOf } from "@shared/components/catalogue";

/** The keys each type has, as docs/definition.md and the guide name them. */
const KEYS: { readonly [type: string]: readonly string[] } = {
  start: ["trigger_type"],
  end: ["status", "output"],
  http_request: [
    ...[
      "url",
      "method",
      "headers",
      "query",
      "body",
      "auth",
      "timeout",
      "follow_redirects",
      "response_type",
      "pagination",
    ],
    ...["cache_result", "cache_key", "cache_ttl", "sensitive_fields", "network_policy"],
    ...["connection", "multipart", "body_file", "save_to", "max_response_mb"],
  ],
  transform: [
    ...[
      "records",
      "source",
      "query",
      "parameters",
      "destination",
      "batch_size",
      "streaming",
      "memory_limit_mb",
      "transformation_rules",
    ],
    ...[
      "transformation_rules.map_fields",
      "transformation_rules.computed_fields",
      "transformation_rules.filter_conditions",
    ],
    ...["transformation_rules.group_by", "transformation_rules.aggregate_functions", "transformation_rules.sort_by"],
  ],
  filter: ["records", "conditions"],
  map: ["records", "fields", "computed_fields"],
  sort: ["records", "by"],
  aggregate: ["records", "group_by", "functions"],
  validate: [
    ...["records", "schema", "on_validation_error"],
    ...["sanitization.trim_strings", "sanitization.remove_html_tags", "sanitization.normalize_unicode"],
  ],
  code: ["language", "source", "timeout", "trust"],
  decision: ["cases", "default"],
  switch: ["value", "cases", "default"],
  parallel: ["branches", "wait_for_all", "max_concurrency"],
  merge: ["mode", "combine", "join_by"],
  loop: ["items", "while", "components", "max_concurrency", "max_iterations", "batch_size", "on_item_failure"],
  workflow_call: ["workflow_id", "version", "parameters", "wait"],
  file: ["operation", "path", "format"],
  log: ["level", "message"],
  cache_lookup: ["cache_key", "ttl_seconds", "fallback_component"],
  database: ["connection", "query", "parameters", "batch_size", "transaction"],
  database_insert: ["connection", "table", "values", "on_conflict", "key_columns", "batch_size", "transaction"],
  database_update: ["connection", "table", "values", "where", "batch_size", "transaction"],
  database_delete: ["connection", "table", "where", "batch_size", "transaction"],
  email: ["to", "cc", "bcc", "reply_to", "from", "subject", "body", "html", "attachments", "connection", "timeout"],
  wait: ["duration", "until", "event"],
  human_task: ["form", "assignee", "deadline", "escalation"],
  notify: ["channels", "level", "title", "message", "to", "timeout"],
  apg_user_management: ["operation"],
  apg_auth_rbac: ["operation", "resource", "action"],
  apg_audit_compliance: ["operation", "event_type", "user_id"],
  payment_api: ["operation"],
  payment_refund: ["operation"],
};

/** Behaviours that are about more than one attempt or component are shown where the engine is tested. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "parallel",
  "loop",
  "workflow_call",
  "cache_lookup",
  "wait",
  "human_task",
]);
/** Answered from the cache by the engine, not by the behaviour. */
const OF_THE_ENGINE: ReadonlySet<string> = new Set(["cache_result", "cache_key", "cache_ttl"]);

function textsBelow(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== "keys.test.ts")
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

const here = textsBelow("test/worker");
const engine = ["test/golden", "test/execution", "test/engine"].map(textsBelow).join("\n");

function schemaOf(type: string, path: string): Json | undefined {
  let at: Json | undefined = descriptorOf(type)?.config_schema;
  for (const key of path.split(".")) {
    const properties: Json | undefined = isJsonObject(at) ? at["properties"] : undefined;
    at = isJsonObject(properties) ? properties[key] : undefined;
  }
  return at;
}

describe.each(Object.entries(KEYS))("%s", (type, keys) => {
  it.each(keys)("has %s in its schema, with help", (key) => {
    const schema = schemaOf(type, key);
    expect(isJsonObject(schema) && typeof schema["description"] === "string" && schema["description"] !== "").toBe(
      true,
    );
  });

  const shown = keys.filter((key) => !OF_THE_ENGINE.has(key));
  it.each(shown)("is shown to heed %s", (key) => {
    const name = key.split(".").at(-1)!;
    const texts = ELSEWHERE.has(type) ? engine : here;
    expect(new RegExp(`(\\b${name}\\b"?\\s*[:,}=])|(${name}\\()`).test(texts)).toBe(true);
  });
});
