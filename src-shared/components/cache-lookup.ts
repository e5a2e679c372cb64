import type { Descriptor } from "./descriptor";
import { choice, number, text } from "./keys";

export const cacheLookup: Descriptor = {
  type: "cache_lookup",
  title: "Cache lookup",
  category: "data",
  description: "Takes a value from the cache, or gets and stores it.",
  icon: "archive",
  config_schema: {
    type: "object",
    properties: {
      cache_key: text("Cache key", "The name the value is stored under.", { minLength: 1 }),
      ttl_seconds: number(
        "Keep for",
        "Seconds a stored value is used; where it is not said, a value that was stored without an end is used whatever its age.",
        { default: 3600, exclusiveMinimum: 0 },
      ),
      fallback_component: text("On a miss", "The component that gets the value; its output is stored.", {
        "x-field": "component",
      }),
      cache_scope: choice("Scope", "Who shares the value.", ["workflow", "workspace"], { default: "workflow" }),
    },
    required: ["cache_key"],
  },
  output_schema: {
    type: "object",
    properties: {
      hit: { type: "boolean" },
      value: { description: "What was stored; on a miss the fallback's output; null without a fallback." },
    },
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { cache_key: "" },
  pure: false,
  nature: "owner",
  help: [
    "The component named by `fallback_component` runs only through this one. Several misses at once fetch once: the others wait for the one that fetches.",
    "",
    "The output is `{hit, value}`: what was stored, or on a miss the fallback's output, which is stored then; without a fallback `value` is null.",
  ].join("\n"),
  examples: [
    {
      title: "A customer, from the cache or the API",
      yaml: [
        "components:",
        "  - id: lookup_customer",
        "    type: cache_lookup",
        "    config:",
        '      cache_key: "customer_{{ input_data.customer_id }}"',
        "      ttl_seconds: 3600",
        "      fallback_component: fetch_customer",
        "  - id: fetch_customer",
        "    type: http_request",
        '    config: {url: "https://api.example.com/customers/{{ input_data.customer_id }}"}',
        "    retry_policy: {max_attempts: 3}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{cache_key}",
};
