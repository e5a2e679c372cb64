/** A line of one of two texts laid beside each other. */
export interface BesideLine {
  readonly text: string;
  /** The other text does not have it here. */
  readonly changed: boolean;
}

const MOST = 1_500;

/** Two texts line by line, gaps filled so that what is common stands level. Beyond 1,500 differing lines nothing is aligned. */
export function linesBeside(
  mine: string,
  theirs: string,
): { readonly left: readonly BesideLine[]; readonly right: readonly BesideLine[] } {
  const a = mine.split(/\r\n|\r|\n/);
  const b = theirs.split(/\r\n|\r|\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const left: BesideLine[] = a.slice(0, head).map((text) => ({ text, changed: false }));
  const right = [...left];
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  for (const [from, to] of pairsOf(middleA, middleB)) {
    left.push(from === undefined ? { text: "", changed: false } : { text: from, changed: from !== to });
    right.push(to === undefined ? { text: "", changed: false } : { text: to, changed: from !== to });
  }
  const common = a.slice(a.length - tail).map((text) => ({ text, changed: false }));
  return { left: [...left, ...common], right: [...right, ...common] };
}

/** The longest common run of lines, the rest beside gaps. */
function pairsOf(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [string | undefined, string | undefined])[] {
  if (a.length > MOST || b.length > MOST)
    return [...a.map((line) => [line, undefined] as const), ...b.map((line) => [undefined, line] as const)];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const pairs: (readonly [string | undefined, string | undefined])[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([a[i++], b[j++]]);
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) pairs.push([a[i++], undefined]);
    else pairs.push([undefined, b[j++]]);
  }
  return pairs;
}
