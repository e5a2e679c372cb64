import { TRIGGER_TYPES, type Trigger } from "./trigger";

const OWN: { readonly [type in Trigger["type"]]: readonly string[] } = {
  manual: [],
  schedule: ["cron", "timezone", "missed"],
  webhook: ["path", "method", "signature", "response_mode", "response_timeout", "max_body_bytes"],
  apg_event: ["event_pattern", "filter"],
  file: ["path", "pattern", "event", "settle_seconds", "missed"],
};

/** Keys that every trigger may have. */
const SHARED = ["overlap", "priority", "input", "parameters"];

/** The keys a trigger of `type` may have beside its type, those that matter first; undefined when there is no such type. */
export function triggerKeys(type: unknown): readonly string[] | undefined {
  const known = TRIGGER_TYPES.find((one) => one === type);
  return known && [...OWN[known], ...SHARED];
}
