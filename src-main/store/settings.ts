import type { Database, Statement } from "better-sqlite3";

/** What the workspace keeps by key, as JSON. What the keys mean is the callers' matter. */
export class SettingsTable {
  private readonly one: Statement;
  private readonly every: Statement;
  /** The texts of what was asked for: every start asks, and a look into the database costs as much as a tenth of what it starts. */
  private readonly known = new Map<string, string | undefined>();

  constructor(
    private readonly db: Database,
    private readonly changed: () => void,
  ) {
    this.one = db.prepare("SELECT json FROM settings WHERE key = ?");
    this.every = db.prepare("SELECT key, json FROM settings");
  }

  get(key: string): unknown {
    if (!this.known.has(key)) this.known.set(key, (this.one.get(key) as { json: string } | undefined)?.json);
    const json = this.known.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as unknown);
  }

  /** Another process may have changed any. */
  refresh(): void {
    this.known.clear();
  }

  all(): { readonly [key: string]: unknown } {
    const rows = this.every.all() as { key: string; json: string }[];
    return Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.json) as unknown]));
  }

  /** Sets several keys at once; `undefined` removes one. */
  set(values: { readonly [key: string]: unknown }): void {
    this.db
      .transaction(() => {
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined) this.db.prepare("DELETE FROM settings WHERE key = ?").run(key);
          else
            this.db
              .prepare(
                "INSERT INTO settings (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json",
              )
              .run(key, JSON.stringify(value));
        }
      })
      .immediate();
    this.refresh();
    this.changed();
  }
}
