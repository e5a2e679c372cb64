import type { FieldNames } from "@shared/execution/mask";
import type { ExecutionStarted } from "@shared/execution/event";
import { canonical } from "@shared/workflow/canonical";
import { privacyOf } from "@shared/workflow/privacy";

const KEPT = 500;

/** Which fields of an execution no screen shows: its workflow's privacy block says. */
export class Masks {
  private readonly known = new Map<string, Promise<FieldNames>>();

  /** `started` is the first event of an execution's journal. */
  constructor(private readonly started: (id: string) => Promise<ExecutionStarted | undefined>) {}

  of(id: string): Promise<FieldNames> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const asked = this.started(id).then((event) =>
      event === undefined ? new Set<string>() : privacyOf(canonical(event.definition).workflow).masked,
    );
    this.known.set(id, asked);
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest);
    // One that could not be read is read again.
    asked.catch(() => this.known.delete(id));
    return asked;
  }
}
