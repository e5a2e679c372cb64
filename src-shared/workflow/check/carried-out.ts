import type { Rule, Subject } from "./subject";

/**
 * What this version reads, keeps and shows without carrying it out. Nobody is to find that out from a failure in production.
 */
export const carriedOut: Rule = (subject) => {
  const { workflow } = subject;
  for (const key of ["compensation", "error_recovery"] as const) {
    if (workflow[key] !== undefined) report(subject, [key], key);
  }
};

function report(subject: Subject, path: Parameters<Subject["report"]>[2], name: string): void {
  const what = "plan for a failure without it";
  subject.report("not-carried-out", "info", path, `${name} is kept and not carried out by this version: ${what}.`, {
    at: "key",
  });
}
