import type { Fix, Severity } from "./finding";
import type { Path } from "./workflow";

/** Something that is written in another than the canonical place, by its path in the workflow. */
export interface AliasNote {
  /** `canonical-place`: read as if it stood there. `conflicting-alias`: ignored, the canonical place says otherwise. */
  readonly rule: "canonical-place" | "conflicting-alias";
  readonly severity: Severity;
  readonly path: Path;
  readonly message: string;
  readonly fix?: Fix;
}

/** The note for a node that stands at `from` and is read as if at `to`; ignored when that place is `taken`. */
export function alias(from: Path, to: Path, taken: boolean): AliasNote {
  const place = said(to);
  const name = said(from);
  if (taken) {
    const fix: Fix = { title: `Remove ${String(from.at(-1))}`, edit: { kind: "remove", path: from } };
    return {
      rule: "conflicting-alias",
      severity: "warning",
      path: from,
      message: `${name} is ignored: ${place} is used.`,
      fix,
    };
  }
  const fix: Fix = { title: `Move to ${place}`, edit: { kind: "move", from, to } };
  return { rule: "canonical-place", severity: "info", path: from, message: `${name} is read as ${place}.`, fix };
}

/** A path as keys, without what leads to the component. */
function said(path: Path): string {
  return path.slice(path.findLastIndex((at) => typeof at === "number") + 1).join(".");
}
