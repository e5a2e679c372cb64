/**
 * A list that is copied cheaply: setting an element shares everything but one path of 32-wide leaves.
 *
 * Plain JSON, so that a state that holds one can be stored. Elements never set read as `undefined`.
 */
export interface Vector<T> {
  readonly size: number;
  readonly depth: number;
  readonly root: VectorNode<T>;
}

type VectorNode<T> = readonly (T | VectorNode<T> | null)[];

const WIDTH_BITS = 5;
const WIDTH = 1 << WIDTH_BITS;

/** A vector without elements. */
export function emptyVector<T>(): Vector<T> {
  return { size: 0, depth: 0, root: [] };
}

/** `vector` with `item` at `index`, which may lie beyond its end. */
export function setAt<T>(vector: Vector<T>, index: number, item: T): Vector<T> {
  let { depth, root } = vector;
  while (index >= WIDTH ** (depth + 1)) {
    root = [root];
    depth += 1;
  }
  return { size: Math.max(vector.size, index + 1), depth, root: replaced(root, depth, index, item) };
}

/** The element at `index`, if one was set. */
export function elementAt<T>(vector: Vector<T>, index: number): T | undefined {
  let node: VectorNode<T> = vector.root;
  for (let level = vector.depth; level > 0; level -= 1) {
    const next = node[(index >>> (level * WIDTH_BITS)) & (WIDTH - 1)];
    if (next === undefined || next === null) return undefined;
    node = next as VectorNode<T>;
  }
  const found = node[index & (WIDTH - 1)];
  return found === null ? undefined : (found as T | undefined);
}

/** All elements in order; `missing` where none was set. */
export function elementsOf<T>(vector: Vector<T>, missing: T): T[] {
  const all: T[] = [];
  for (let index = 0; index < vector.size; index += 1) all.push(elementAt(vector, index) ?? missing);
  return all;
}

function replaced<T>(node: VectorNode<T>, level: number, index: number, item: T): VectorNode<T> {
  const copy = node.slice();
  const at = (index >>> (level * WIDTH_BITS)) & (WIDTH - 1);
  // Holes would be written as null by JSON and differ from the live state, so they are null from the start.
  while (copy.length < at) copy.push(null);
  copy[at] =
    level === 0 ? item : replaced((copy[at] as VectorNode<T> | null | undefined) ?? [], level - 1, index, item);
  return copy;
}
