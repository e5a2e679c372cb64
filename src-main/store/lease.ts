import type { Database } from "better-sqlite3";
import type { Owners } from "./owners";

/** Which of the hosts on a workspace fires its triggers: one that lives, chosen in one transaction. */
export class Lease {
  constructor(
    private readonly db: Database,
    private readonly owners: Owners,
  ) {}

  /** Whether this host has it; it takes it where no living host does. */
  take(): boolean {
    return this.db
      .transaction(() => {
        const holder = this.holder();
        if (holder === this.owners.host) return true;
        if (this.owners.lives(holder)) return false;
        this.db
          .prepare(
            "INSERT INTO trigger_lease (one, host) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET host = excluded.host",
          )
          .run(this.owners.host);
        return true;
      })
      .immediate();
  }

  /** Whether any living host has it. */
  isHeld(): boolean {
    return this.owners.lives(this.holder());
  }

  release(): void {
    this.db.prepare("DELETE FROM trigger_lease WHERE host = ?").run(this.owners.host);
  }

  private holder(): string | null {
    const row = this.db.prepare("SELECT host FROM trigger_lease").get() as { host: string } | undefined;
    return row?.host ?? null;
  }
}
