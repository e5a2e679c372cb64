import type { JsonObject } from "../base/json";
import { cacheKeys, sensitiveFields, timeoutKey } from "./common";
import type { ConfigKeySchema, Descriptor } from "./descriptor";
import { text } from "./keys";

/** Config keys of a capability that are about the call; all others are sent as the operation's arguments. */
export const CALL_KEYS: ReadonlySet<string> = new Set([
  "operation",
  "connection",
  "timeout",
  "sensitive_fields",
  "cache_result",
  "cache_key",
  "cache_ttl",
]);

/** Where a capability lies below the base URL of the connection that serves it: `user_management` for `apg_user_management`. */
export function capabilityPath(type: string): string {
  return type.startsWith("payment_") ? "payments" : type.replace(/^apg_/, "");
}

/** Whether `type` is a capability behind an HTTP API of the workspace. */
export function isCapability(type: string): boolean {
  return /^apg_[a-z][a-z0-9_]*$/.test(type) || type === "payment_api" || type === "payment_refund";
}

/** What tells one capability from another. */
interface Capability {
  readonly type: string;
  readonly title: string;
  readonly category: Descriptor["category"];
  readonly description: string;
  readonly icon: string;
  readonly keys?: { readonly [key: string]: ConfigKeySchema };
  readonly defaults?: JsonObject;
  readonly example: JsonObject;
  /** Present where an operation is usual and may be left out. */
  readonly operation?: { readonly default: string };
}

/** A capability behind an HTTP API of the workspace: `operation` and whatever else it takes. */
function capability(own: Capability): Descriptor {
  const pairsText = Object.entries(own.example)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(", ");
  return {
    type: own.type,
    title: own.title,
    category: own.category,
    description: own.description,
    icon: own.icon,
    config_schema: {
      type: "object",
      properties: {
        operation: text("Operation", "What the capability is asked to do.", { minLength: 1, ...own.operation }),
        ...own.keys,
        connection: text(
          "Connection",
          "The workspace's HTTP connection to use, where it is not the one that serves this type.",
        ),
        timeout: timeoutKey,
        ...cacheKeys,
        sensitive_fields: sensitiveFields,
      },
      ...(own.operation === undefined ? { required: ["operation"] } : {}),
      additionalProperties: true,
    },
    output_schema: { description: "The capability's answer." },
    ports: { input: true, success: true, error: true, conditional: true },
    defaults: own.defaults ?? { operation: "" },
    pure: false,
    nature: "remote",
    help: [
      `Sent as \`POST {base URL}/${capabilityPath(own.type)}/{operation}\` to the HTTP connection of the workspace that serves \`${own.type}\`, with its headers and its sign-in. The body is a JSON object of all keys but ${[...CALL_KEYS].map((key) => `\`${key}\``).join(", ")}: the operation's arguments. The answer's body is the output.`,
      "",
      "Every call carries `Idempotency-Key`, the same over all attempts and restarts, and `X-Correlation-Id`; failures have the types of `http_request`. Without a connection that serves it, the component fails with `not_found` and says which one to add.",
    ].join("\n"),
    examples: [
      {
        title: own.title,
        yaml: `components:\n  - id: ${own.type.replace(/^apg_/, "call_")}\n    type: ${own.type}\n    config: {${pairsText}}\n    retry_policy: {max_attempts: 3}\n`,
      },
    ],
    summary: "{operation}",
  };
}

export const userManagement = capability({
  type: "apg_user_management",
  title: "User management",
  category: "apg",
  description: "Reads and changes users of the platform.",
  icon: "users",
  keys: { user_id: text("User", "The user concerned.") },
  defaults: { operation: "get_user" },
  example: { operation: "get_user", user_id: "{{ input_data.user_id }}" },
});

export const authRbac = capability({
  type: "apg_auth_rbac",
  title: "Access rights",
  category: "apg",
  description: "Asks whether someone may do something.",
  icon: "lock-keyhole",
  keys: {
    resource: text("Resource", "What is to be touched."),
    action: text("Action", "What is to be done with it."),
    user_id: text("User", "Who wants it."),
  },
  defaults: { operation: "check_permission" },
  example: { operation: "check_permission", resource: "{{ input_data.resource }}", action: "data_access" },
});

export const auditCompliance = capability({
  type: "apg_audit_compliance",
  title: "Audit",
  category: "apg",
  description: "Writes to the platform's audit trail.",
  icon: "clipboard-check",
  keys: {
    event_type: text("Event", "What happened."),
    user_id: text("User", "Who did it."),
  },
  defaults: { operation: "log_access" },
  example: { operation: "log_access", event_type: "data_access", user_id: "{{ input_data.user_id }}" },
});

export const paymentApi = capability({
  type: "payment_api",
  title: "Payment",
  category: "integrations",
  description: "Charges a payment.",
  icon: "credit-card",
  keys: {
    amount: { type: "number", title: "Amount", description: "How much, in the currency's main unit." },
    currency: text("Currency", "Three letters, e.g. `KES`."),
  },
  operation: { default: "charge" },
  defaults: { operation: "charge" },
  example: { operation: "charge", amount: "{{ input_data.amount }}", currency: "KES" },
});

export const paymentRefund = capability({
  type: "payment_refund",
  title: "Refund",
  category: "integrations",
  description: "Gives a payment back.",
  icon: "undo-2",
  keys: {
    payment_id: text("Payment", "The payment to give back."),
    amount: { type: "number", title: "Amount", description: "How much; without it, all." },
  },
  operation: { default: "refund" },
  defaults: { operation: "refund" },
  example: { operation: "refund", payment_id: "{{ input_data.payment_id }}" },
});

/** The descriptor of an `apg_…` type the catalogue does not list by name. */
export function otherCapability(type: string): Descriptor {
  const words = type.slice("apg_".length).replaceAll("_", " ");
  return capability({
    type,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    category: "apg",
    description: `Calls the platform's capability ${type}.`,
    icon: "blocks",
    example: { operation: "call" },
  });
}
