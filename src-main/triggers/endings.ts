import type { Json } from "@shared/base/json";
import type { Ms } from "@shared/base/units";
import { ENDINGS } from "@shared/workflow/triggers/event-type";
import type { TriggersPorts } from "./ports";

/** Ends that come close together are looked at together. */
const GAP: Ms = 25;

/** An execution that has ended. */
export interface Ending {
  readonly executionId: string;
  readonly status: string;
  /** What the event says; asked for only when somebody listens. */
  readonly about: () => Json;
}

/** Makes events of the ends of executions, where anybody listens for such. */
export class Endings {
  private waiting: Ending[] = [];
  private stop: (() => void) | undefined;
  private held = false;

  constructor(
    private readonly ports: Pick<TriggersPorts, "clock" | "trouble">,
    private readonly isHeard: (type: string) => boolean,
    private readonly post: (type: string, payload: Json, key: string, by: string) => Promise<void>,
  ) {}

  add(ending: Ending): void {
    this.waiting.push(ending);
    if (this.held) return;
    this.stop ??= this.ports.clock.after(GAP, () => void this.flush().catch(this.ports.trouble));
  }

  /** From here on only {@link flush} looks: a timer could come when the workspace is closed. */
  hold(): void {
    this.held = true;
  }

  async flush(): Promise<void> {
    this.stop?.();
    this.stop = undefined;
    const heard = new Map<string, boolean>();
    for (const { executionId, status, about } of this.waiting.splice(0)) {
      const type = `${ENDINGS}${status === "completed_with_warnings" ? "completed" : status}`;
      if (!heard.has(type)) heard.set(type, this.isHeard(type));
      if (heard.get(type) === true) await this.post(type, about(), `ended/${executionId}`, executionId);
    }
  }
}
