import { Bug } from "../../base/bug";

/** Characters `from`..`to` of a text become `insert`. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** `text` after `changes`, which must not overlap; what is inserted at one place keeps the order given. */
export function changed(text: string, changes: readonly TextChange[]): string {
  const ordered = changes
    .map((change, index) => ({ change, index }))
    .sort((a, b) => a.change.from - b.change.from || weight(a.change) - weight(b.change) || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { change } of ordered) {
    if (change.from < at) throw new Bug("text changes overlap");
    result += text.slice(at, change.from) + change.insert;
    at = change.to;
  }
  return result + text.slice(at);
}

/** Insertions stand before what is removed from the same place on. */
function weight(change: TextChange): number {
  return change.to === change.from ? 0 : 1;
}

/** The smallest single change that turns `before` into `after`. */
export function difference(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let same = 0;
  while (
    same < most - from &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
