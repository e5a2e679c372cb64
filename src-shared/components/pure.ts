import type { JsonObject } from "../base/json";
import { descriptorOf } from "./catalogue";

/**
 * Whether a component of `type` with this `config` (as written or evaluated) touches nothing but its input:
 * it may then run in a group with its neighbours, and may run again after a crash.
 *
 * Narrower than the descriptor's `pure`: a `transform` that names a file, and `code` that is not plainly sandboxed,
 * are not pure.
 */
export function isPure(type: string, config: JsonObject | undefined): boolean {
  const descriptor = descriptorOf(type);
  if (!descriptor?.pure) return false;
  if (descriptor.type === "transform") return config?.["source"] === undefined && config?.["destination"] === undefined;
  if (descriptor.type === "code") return (config?.["trust"] ?? "sandboxed") === "sandboxed";
  return true;
}
