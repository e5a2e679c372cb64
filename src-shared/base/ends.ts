/**
 * `text` without the characters of `ends` at its end.
 *
 * `/x+$/` tries each `x` of a long text anew: a text of a million takes it minutes.
 */
export function withoutEnd(text: string, ends: string): string {
  let end = text.length;
  while (end > 0 && ends.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/** `text` without the characters of `ends` at either end. */
export function withoutEnds(text: string, ends: string): string {
  let start = 0;
  while (start < text.length && ends.includes(text[start] as string)) start++;
  return withoutEnd(text.slice(start), ends);
}
