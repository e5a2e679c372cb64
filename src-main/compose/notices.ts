import type { HostNotice } from "@shared/contract/host";
import type { NoticesPort } from "../engine/ports";

/** Carries what executions tell the person at the screen to whoever shows it: windows, the desktop, a terminal. */
export class Notices implements NoticesPort {
  private readonly listeners = new Set<(notice: HostNotice) => void>();

  show: NoticesPort["show"] = (executionId, notice) => {
    for (const listener of this.listeners) listener({ executionId, ...notice });
  };

  /** Calls `listener` for each notice from now on; returns the way to stop. */
  listen(listener: (notice: HostNotice) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
