import { isJsonObject, type Json } from "../../base/json";
import { sameJson } from "../values";

/** One position of a list that is rewritten: what stands there before and after. */
export interface Aligned {
  /** Position in the old list; absent for what is added. */
  readonly old?: number;
  /** Position in the new list; absent for what is removed. */
  readonly next?: number;
}

/**
 * Pairs the items of two lists: the same object, else the same `id`, else equal, else left over in the same gap.
 * Items that changed places count as removed and added. In the order of the new list, removals first within a gap.
 */
export function align(before: readonly Json[], after: readonly Json[]): readonly Aligned[] {
  const partner = longestRising(candidates(before, after));
  const result: Aligned[] = [];
  let old = 0;
  let next = 0;
  const gap = (oldEnd: number, nextEnd: number): void => {
    while (old < oldEnd && next < nextEnd && mayBeSame(before[old]!, after[next]!))
      result.push({ old: old++, next: next++ });
    while (old < oldEnd) result.push({ old: old++ });
    while (next < nextEnd) result.push({ next: next++ });
  };
  partner.forEach((matched, index) => {
    if (matched === undefined) return;
    gap(matched, index);
    result.push({ old: old++, next: next++ });
  });
  gap(before.length, after.length);
  return result;
}

/** For each new item the old one it came from. */
function candidates(before: readonly Json[], after: readonly Json[]): (number | undefined)[] {
  const same = new Map<Json, number[]>();
  const named = new Map<string, number>();
  before.forEach((item, index) => {
    const places = same.get(item);
    if (places === undefined) same.set(item, [index]);
    else places.push(index);
    const id = idOf(item);
    if (id !== undefined && !named.has(id)) named.set(id, index);
  });
  const used = new Set<number>();
  const found = after.map((item) => {
    const place = same.get(item)?.find((index) => !used.has(index));
    if (place !== undefined) used.add(place);
    return place;
  });
  return found.map((place, index) => {
    if (place !== undefined) return place;
    const id = idOf(after[index]!);
    const byId = id === undefined ? undefined : named.get(id);
    const guess =
      byId ?? before.findIndex((item, at) => !used.has(at) && typeof item === "object" && sameJson(item, after[index]));
    if (guess === undefined || guess < 0 || used.has(guess)) return undefined;
    used.add(guess);
    return guess;
  });
}

/** Keeps the longest run of partners that rises; the others have moved. */
function longestRising(partners: readonly (number | undefined)[]): (number | undefined)[] {
  const tails: number[] = [];
  const previous = new Array<number>(partners.length).fill(-1);
  partners.forEach((value, index) => {
    if (value === undefined) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (partners[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  });
  const kept = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) kept.add(at);
  return partners.map((value, index) => (kept.has(index) ? value : undefined));
}

function idOf(item: Json): string | undefined {
  return isJsonObject(item) && typeof item["id"] === "string" ? item["id"] : undefined;
}

/** Two items of one gap are one item that was changed, unless they have different ids and types. */
function mayBeSame(before: Json, after: Json): boolean {
  if (!isJsonObject(before) || !isJsonObject(after)) return !isJsonObject(before) && !isJsonObject(after);
  const isOther = before["id"] !== undefined && after["id"] !== undefined && before["id"] !== after["id"];
  return !isOther || before["type"] === after["type"];
}
