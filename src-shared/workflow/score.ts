import type { Finding, Severity } from "./finding";
import { FRAGMENT } from "./instead";

/** One line of the best-practice panel. */
export interface ScoreGroup {
  readonly id: string;
  /** What is true when there is no finding, e.g. `Names say what is done`. */
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly worst?: Severity;
}

/** How well a workflow follows the guide. */
export interface Score {
  /** 0 to 100. */
  readonly score: number;
  readonly groups: readonly ScoreGroup[];
}

const GROUPS: readonly { readonly id: string; readonly title: string; readonly rules: readonly string[] }[] = [
  {
    id: "names",
    title: "Names say what is done",
    rules: ["vague-name", "bad-id", "reserved-id", "name-clash", "missing-id", "duplicate-id"],
  },
  { id: "responsibility", title: "One responsibility", rules: ["too-many-responsibilities", "too-many-components"] },
  {
    id: "failure",
    title: "Failure handling",
    rules: [
      ...[
        "remote-call-retry",
        "fixed-retry-interval",
        "breaker-threshold",
        "breaker-unused",
        "retry-unused",
        "undo-config",
      ],
      "no-resource-limits",
    ],
  },
  { id: "batches", title: "Batches, not rows", rules: ["row-by-row", "sequential-calls"] },
  { id: "personal-data", title: "Personal data", rules: ["pii-rules"] },
  { id: "secrets", title: "No secrets in the text", rules: ["hard-coded-credential", "sensitive-through-code"] },
  {
    id: "parameters",
    title: "Parameters are used",
    rules: ["unused-parameter", "flat-parameters", "parameter-schema", "schema-pattern"],
  },
];

/** Everything else: whether the workflow says what it means at all. */
const REST = { id: "sound", title: "Definition is sound" };

/** What the first finding of a rule costs; those after it cost half as much as the one before. */
const COST: { readonly [severity in Severity]: number } = { error: 12, warning: 5, info: 1 };

/** How many findings of one rule count. */
const COUNTED = 4;

/** Rates what `check` found. The groups are always the same and in the same order. */
export function scoreOf(findings: readonly Finding[]): Score {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) {
    // What this version does not carry out says nothing about the workflow.
    if (finding.rule === "not-carried-out") continue;
    const same = byRule.get(finding.rule);
    if (same === undefined) byRule.set(finding.rule, [finding]);
    else same.push(finding);
  }
  let cost = 0;
  for (const same of byRule.values()) {
    same.slice(0, COUNTED).forEach((finding, index) => {
      // Other places for the same thing are a matter of taste.
      if (finding.rule !== "canonical-place" && finding.rule !== FRAGMENT) cost += COST[finding.severity] / 2 ** index;
    });
  }
  const known = new Set(GROUPS.flatMap((group) => group.rules));
  const groups = [
    ...GROUPS.map(({ id, title, rules }) =>
      group(
        id,
        title,
        findings.filter((finding) => rules.includes(finding.rule)),
      ),
    ),
    group(
      REST.id,
      REST.title,
      findings.filter((finding) => !known.has(finding.rule)),
    ),
  ];
  return { score: Math.max(0, Math.round(100 - cost)), groups };
}

function group(id: string, title: string, findings: readonly Finding[]): ScoreGroup {
  const worst = (["error", "warning", "info"] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  return { id, title, findings, ...(worst === undefined ? {} : { worst }) };
}
