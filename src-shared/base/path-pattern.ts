import { isMeant } from "./pattern";

/**
 * Whether a path with `/` between its parts is one that `pattern` means: `*` stands for any characters of one part, a part `**` for
 * any number of parts.
 */
export function isPathMeant(pattern: string, path: string): boolean {
  const parts = path.split("/");
  // Which numbers of parts the pattern so far may have taken.
  let reached: ReadonlySet<number> = new Set([0]);
  for (const piece of pattern.split("/")) {
    const next = new Set<number>();
    for (const at of reached) {
      if (piece === "**") for (let to = at; to <= parts.length; to++) next.add(to);
      else if (at < parts.length && isMeant(piece, parts[at] as string)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}
