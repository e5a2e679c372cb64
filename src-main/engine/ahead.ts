import type { Bytes } from "@shared/base/units";
import type { Kept } from "@shared/execution/work";
import type { Course, SessionRooms } from "./course";

/** Below this, writing takes no longer than the host may be silent. */
const LARGE: Bytes = 1024 * 1024;

/**
 * What came to be with an outcome, its large values written already: the turn that refers to them is short then, however large they
 * are. `undefined` where nothing is large, so that nothing has to be waited for.
 */
export function writtenAhead(
  course: Course,
  { journal, trouble }: Pick<SessionRooms, "journal" | "trouble">,
  kept: Kept,
): Promise<Kept> | undefined {
  if (!kept.values.some(({ text }) => text.length > LARGE)) return undefined;
  return journal.writeAhead(course.id, kept.values).then(
    (values) => ({ ...kept, values }),
    (error: unknown) => {
      // What was done is done: the turn writes it all, if it still can.
      if (!course.isClosed) trouble(course.id, error);
      return kept;
    },
  );
}
