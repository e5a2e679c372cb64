import type { Link } from "./database";

/** Runs `work`; with `whole`, all its statements take effect or none. */
export async function inTransaction<T>(link: Link, whole: boolean, work: () => Promise<T>): Promise<T> {
  if (!whole) return work();
  await link.begin();
  let result: T;
  try {
    result = await work();
  } catch (thrown) {
    // A link that cannot undo is ended: the server undoes then.
    if (!link.broken) await link.rollback().catch(() => link.end());
    throw thrown;
  }
  await link.commit();
  return result;
}
