import { isJsonObject, type JsonObject } from "../base/json";
import { catalogue, commonKeys } from "../components/catalogue";
import { triggerKeys } from "./triggers/keys";

/** Marks the places where a component stands; its keys depend on its type, see {@link componentSchema}. */
export const COMPONENT_REF = "#/$defs/component";

const text = (description: string, extra: JsonObject = {}): JsonObject => ({ type: "string", description, ...extra });
const list = (description: string, items: JsonObject): JsonObject => ({ type: "array", description, items });
const map = (description: string, properties: JsonObject = {}): JsonObject => ({
  type: "object",
  description,
  properties,
  additionalProperties: true,
});

const CONNECTION: JsonObject = {
  type: "object",
  description: "From one component to the next.",
  properties: {
    source: text("The component it leaves.", { "x-field": "component" }),
    target: text("The component it leads to.", { "x-field": "component" }),
    type: text("When it is taken.", { enum: ["success", "error", "conditional"], default: "success" }),
    condition: text("Taken where this is true; braces may be left out.", { "x-field": "expression" }),
    case: text("Taken when the decision or switch chose this case.", { "x-field": "case" }),
    label: text("Shown on the canvas."),
  },
  required: ["source", "target"],
  additionalProperties: false,
};

const PARAMETER: JsonObject = {
  type: "object",
  description: "A parameter: a JSON Schema (draft 2020-12).",
  properties: {
    type: text("What it is.", { enum: ["string", "number", "integer", "boolean", "object", "array"] }),
    description: text("What it is for."),
    default: { description: "Taken when nothing is given." },
    required: { type: "boolean", description: "Off: it may be left out without a default.", default: true },
    sensitive: { type: "boolean", description: "Shown as [REDACTED] and kept in the vault.", default: false },
    enum: { type: "array", description: "The values it may have." },
    format: text("The form of a text.", { examples: ["uri", "email", "date", "date-time", "uuid"] }),
    minimum: { type: "number", description: "The least it may be." },
    maximum: { type: "number", description: "The most it may be." },
    pattern: text("A regular expression it matches."),
    properties: {
      type: "object",
      description: "An object's fields.",
      additionalProperties: { $ref: "#/$defs/parameter" },
    },
    items: { $ref: "#/$defs/parameter" },
  },
  additionalProperties: true,
};

const SIGNATURE: JsonObject = map("How the webhook's sender proves to know a secret: an HMAC over the body.", {
  header: text("The header with the digest.", { default: "X-Signature" }),
  secret: text("The secret, e.g. `{{ secrets.WEBHOOK_KEY }}`.", { "x-field": "secret" }),
  algorithm: text("The digest.", { enum: ["sha256", "sha1", "sha512"], default: "sha256" }),
  encoding: text("How the digest is written.", { enum: ["hex", "base64"], default: "hex" }),
  prefix: text("What may stand before the digest; `sha256=` unless said otherwise."),
  timestamp_header: text("The header with the time of sending in seconds; then `TIME.BODY` is signed."),
  tolerance_seconds: { type: "number", description: "How old a request may be.", default: 300 },
  replay: text("Whether the same signed request may come again.", { enum: ["refuse", "allow"], default: "refuse" }),
});

const MISSED = ["skip", "run_once", "run_all"];
const TRIGGER: JsonObject = {
  type: "object",
  description: "What starts the workflow while a host runs.",
  properties: {
    type: text("What it waits for.", { enum: ["schedule", "webhook", "apg_event", "file", "manual"] }),
    cron: text("When: minute hour day month weekday, e.g. `0 6 * * *`; six parts begin with seconds."),
    timezone: text("The zone `cron` is meant in, e.g. `Africa/Nairobi`."),
    missed: text("What happens to starts no host was there for.", { enum: MISSED, default: "skip" }),
    path: text("The webhook's path, or the folder that is watched."),
    method: text("The webhook's method.", { enum: ["GET", "POST", "PUT", "PATCH", "DELETE"], default: "POST" }),
    signature: SIGNATURE,
    response_mode: text("When the webhook's caller is answered.", {
      enum: ["immediately", "when_finished"],
      default: "immediately",
    }),
    response_timeout: { type: "number", description: "Seconds a caller waits for the end.", default: 30 },
    max_body_bytes: { type: "integer", description: "The largest body taken.", default: 1_000_000 },
    pattern: text("The files that count, e.g. `*.csv` or `**/*.csv`.", { default: "*" }),
    event: { description: "What happens to a file: added, changed, removed, or a list of them." },
    settle_seconds: { type: "number", description: "How long a file must rest to be whole.", default: 2 },
    event_pattern: text("The event's type, e.g. `user.created`; `*` stands for any characters."),
    filter: { description: "What the event must hold, or a CEL condition over `event`." },
    overlap: text("What happens while an earlier start is under way.", {
      enum: ["parallel", "queue", "skip", "cancel_previous"],
      default: "parallel",
    }),
    priority: { type: "integer", description: "Of what it starts, where executions queue: high first." },
    input: { description: "The execution's input: a template over `event`. Absent: what the event brings." },
    parameters: map("The workflow's parameters: templates over `event`."),
  },
  required: ["type"],
  additionalProperties: true,
};

const PRIVACY: JsonObject = map("Which data is personal, and how it is handled.", {
  data_classification: map("Field names by kind.", {
    pii_fields: list("Personal data.", text("A field's name.")),
    sensitive_fields: list("Data that is sensitive otherwise.", text("A field's name.")),
    public_fields: list("Data anyone may see.", text("A field's name.")),
  }),
  processing_rules: map("Rules by kind of field.", {
    pii_fields: map("Rules for personal data.", {
      encrypt_at_rest: { type: "boolean", description: "Kept encrypted." },
      mask_in_logs: { type: "boolean", description: "Masked on screens and in logs." },
      retention_days: { type: "integer", description: "Days it is kept." },
    }),
    sensitive_fields: map("Rules for sensitive data."),
  }),
  compliance: map("The rules that apply, such as `gdpr`."),
});

const PERMISSIONS: JsonObject = map("Who may do what.", {
  owner: text("Who answers for the workflow."),
  permissions: list(
    "Rights of others.",
    map("A right.", { user: text("Who."), role: text("As what."), actions: list("What.", text("An action.")) }),
  ),
  resource_access: map("What it may reach.", {
    databases: list("Databases.", text("A name.")),
    apis: list("APIs.", text("A name.")),
    secrets: list("Secrets.", text("A name.")),
  }),
  execution_context: map("How it runs.", {
    run_as: text("The account."),
    network_policy: text("Which networks.", { enum: ["open", "restricted"] }),
  }),
});

/** The top-level keys of a workflow with their schemas. */
export const workflowKeys: { readonly [key: string]: JsonObject } = {
  apg: { type: "integer", description: "The number of the file's format.", default: 1 },
  id: text("Unique in a workspace: lower-case letters, digits and _, a letter first."),
  name: text("What the workflow is called."),
  version: text("Its semantic version, e.g. `1.0.0`."),
  purpose: text("What it is for, in one sentence: one responsibility."),
  description: text("More about it."),
  category: text("The shelf it stands on in the library."),
  tags: list("Words to find it by.", text("A tag.")),
  metadata: map("Documentation for people.", {
    business_purpose: text("Why it exists."),
    technical_summary: text("How it works."),
    prerequisites: list("What must be there first.", {}),
    outputs: list("What it makes.", {}),
    sla_requirements: map("What is promised."),
    dependencies: list("What it depends on.", {}),
    risk_assessment: map("What may go wrong."),
    maintenance_schedule: map("Who looks after it, when."),
  }),
  parameters: {
    type: "object",
    description: "What a run is given, by name.",
    additionalProperties: { $ref: "#/$defs/parameter" },
  },
  triggers: list("What starts it while a host runs.", { $ref: "#/$defs/trigger" }),
  components: list("Its steps.", { $ref: COMPONENT_REF }),
  connections: list("What follows what. Without this key the components run in the order listed.", {
    $ref: "#/$defs/connection",
  }),
  outputs: { description: "What an execution gives: a value with expressions." },
  error_recovery: map("What happens after a failure nothing tolerated.", {
    compensation_workflow: text("A workflow that cleans up.", { "x-field": "workflow" }),
    notification_channels: list("Who is told.", text("A channel.")),
  }),
  compensation: {
    type: "object",
    description: "What undoes a component, by its id.",
    additionalProperties: map("How it is undone.", {
      action: text("What it does, in words."),
      component: text("The component type that does it.", { "x-field": "type" }),
      config: map("That type's config; it sees `input`, `output` and `config` of the component it undoes."),
      retry_policy:
        commonKeys["retry_policy"] ?? map("When it is tried again; three times unless this says otherwise."),
    }),
  },
  privacy: PRIVACY,
  permissions: PERMISSIONS,
  resource_limits: map("What an execution may take.", {
    timeout_seconds: { type: "number", minimum: 0, description: "How long an execution may take, its waits included." },
  }),
  concurrency: map("How many executions run at once, and what becomes of further ones.", {
    limit: { type: "integer", minimum: 1, description: "How many run at once; further ones queue." },
    overlap: text("What becomes of a further one.", { enum: ["queue", "skip", "cancel_previous"], default: "queue" }),
    priority: { type: "integer", description: "In the queue, higher goes first.", default: 0 },
  }),
  execution_context: map("How an execution takes on the event that started it.", {
    inherit_event_context: { type: "boolean", description: "Workflows it calls see `event` too.", default: false },
    propagate_correlation_id: {
      type: "boolean",
      description: "The event's `correlation_id` becomes the execution's.",
      default: true,
    },
    maintain_audit_trail: { type: "boolean", description: "The event is kept in the journal, which it always is." },
  }),
};

const DEFINITIONS: { readonly [name: string]: JsonObject } = {
  connection: CONNECTION,
  parameter: PARAMETER,
  trigger: TRIGGER,
};

/** The schema of a trigger of a type: its own keys; all keys when the type is not known. */
export function triggerSchema(type: string | undefined): JsonObject {
  const keys = triggerKeys(type);
  const { properties } = TRIGGER;
  if (keys === undefined || !isJsonObject(properties)) return TRIGGER;
  return { ...TRIGGER, properties: Object.fromEntries(["type", ...keys].map((key) => [key, properties[key]])) };
}

/** A schema with its `$ref` followed, but for a component's. */
export function resolved(schema: JsonObject): JsonObject {
  const ref = schema["$ref"];
  if (typeof ref !== "string" || ref === COMPONENT_REF) return schema;
  return DEFINITIONS[ref.slice("#/$defs/".length)] ?? schema;
}

/** The schema of a component of a type; `config` takes anything when the type is not known. */
export function componentSchema(config?: JsonObject): JsonObject {
  return {
    type: "object",
    description: "One step of the workflow.",
    properties: {
      id: text("Unique in the workflow: lower-case letters, digits and _, a letter first."),
      type: text("What the component does.", { "x-field": "type" }),
      config: config ?? map("What the type needs to know."),
      ...commonKeys,
    },
    required: ["id", "type"],
    additionalProperties: false,
  };
}

/** JSON Schema (draft 2020-12) of a workflow file, for editors other than the studio. */
export function workflowSchema(): JsonObject {
  const types = [...catalogue.values()];
  const base = componentSchema();
  const properties = base["properties"] as JsonObject;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "APG workflow",
    type: "object",
    properties: workflowKeys,
    required: ["id", "components"],
    $defs: {
      ...DEFINITIONS,
      component: {
        ...base,
        properties: {
          ...properties,
          type: { ...(properties["type"] as JsonObject), examples: types.map(({ type }) => type) },
        },
        allOf: types.map(({ type, config_schema }) => ({
          if: { properties: { type: { const: type } } },
          then: { properties: { config: config_schema } },
        })),
      },
    },
  };
}
