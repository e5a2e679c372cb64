import { distance } from "fastest-levenshtein";

/**
 * The one of `names` most like `name`, when it is like enough to be meant.
 *
 * At most 500 names are compared, so that a wrong name in a large object stays cheap.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  // Two swapped letters are a distance of two.
  const reach = name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = reach + 1;
  let compared = 0;
  for (const candidate of names) {
    if (compared++ === 500) break;
    if (candidate === name || Math.abs(candidate.length - name.length) > reach) continue;
    const apart = distance(name.toLowerCase(), candidate.toLowerCase());
    if (apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}
