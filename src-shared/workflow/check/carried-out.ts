import type { Rule, Subject } from "./subject";

/** Config keys that are described and kept, and do nothing yet. */
const CACHE_KEYS = ["cache_result", "cache_key", "cache_ttl"] as const;

/**
 * What this version reads, keeps and shows without carrying it out. Nobody is to find that out from a failure in production.
 */
export const carriedOut: Rule = (subject) => {
  const { workflow } = subject;
  for (const key of ["compensation", "error_recovery"] as const) {
    if (workflow[key] !== undefined) report(subject, [key], key);
  }
  for (const { canonical, component, path } of subject.components) {
    if (canonical.circuit_breaker !== undefined) {
      const inConfig = component.circuit_breaker === undefined;
      report(subject, [...path, ...(inConfig ? ["config"] : []), "circuit_breaker"], "circuit_breaker");
    }
    for (const key of CACHE_KEYS) {
      if (component.config?.[key] !== undefined && canonical.type !== "cache_lookup")
        report(subject, [...path, "config", key], key);
    }
    for (const key of ["on_failure", "fallback_action"] as const) {
      if (component.error_handling?.[key] === "use_cached_data")
        report(subject, [...path, "error_handling", key], "use_cached_data");
    }
  }
};

function report(subject: Subject, path: Parameters<Subject["report"]>[2], name: string): void {
  const what = "plan for a failure without it";
  subject.report("not-carried-out", "info", path, `${name} is kept and not carried out by this version: ${what}.`, {
    at: "key",
  });
}
