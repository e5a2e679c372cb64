import { Masker } from "@shared/execution/mask";
import type { ExecutionStarted } from "@shared/execution/event";
import { canonical } from "@shared/workflow/canonical";
import { privacyOf } from "@shared/workflow/privacy";

const KEPT = 500;

/** What no screen shows of an execution: its workflow's privacy block says. All that is shown of it teaches the same one. */
export class Masks {
  private readonly known = new Map<string, Promise<Masker>>();

  /** `started` is the first event of an execution's journal. */
  constructor(private readonly started: (id: string) => Promise<ExecutionStarted | undefined>) {}

  of(id: string): Promise<Masker> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const asked = this.started(id).then(
      (event) => new Masker(event === undefined ? new Set() : privacyOf(canonical(event.definition).workflow).masked),
    );
    this.known.set(id, asked);
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest);
    // One that could not be read is read again.
    asked.catch(() => this.known.delete(id));
    return asked;
  }
}
