import type { Database, Statement } from "better-sqlite3";
import { pagesOf } from "@shared/execution/paged";
import type { KeptText } from "@shared/execution/work";

/** Writes large values; long lists page by page. */
export class StoredWriter {
  private readonly put: Statement;
  private readonly clear: Statement;
  private readonly putPage: Statement;

  constructor(db: Database) {
    this.put = db.prepare(
      "INSERT INTO stored_values (execution, id, bytes, text, items) VALUES (?, ?, ?, ?, ?) ON CONFLICT (execution, id) DO UPDATE SET bytes = excluded.bytes, text = excluded.text, items = excluded.items",
    );
    this.clear = db.prepare("DELETE FROM value_pages WHERE execution = ? AND id = ?");
    this.putPage = db.prepare("INSERT INTO value_pages (execution, id, item, text) VALUES (?, ?, ?, ?)");
  }

  /** Part of a turn's transaction. */
  write(execution: number, value: KeptText): void {
    if (value.isWritten === true) return;
    for (const put of this.pieces(execution, value)) put();
  }

  /** What writes a value, bit by bit: each piece of a list is small, and each can be in a transaction of its own. */
  *pieces(execution: number, { id, text, pages }: KeptText): Generator<() => void> {
    if (pages === undefined) {
      yield () => void this.put.run(execution, id, text.length, text, null);
      return;
    }
    // An attempt that is made again writes the same value again.
    yield () => {
      this.put.run(execution, id, text.length, "", pages.items);
      this.clear.run(execution, id);
    };
    for (const [item, page] of pagesOf(text, pages)) yield () => void this.putPage.run(execution, id, item, page);
  }
}

/** A page of a long list: its first item's number, and JSON text. */
export interface StoredPage {
  readonly item: number;
  readonly text: string;
}

/** Reads large values. */
export class StoredReader {
  private readonly find: Statement;
  private readonly all: Statement;
  private readonly one: Statement;

  constructor(db: Database) {
    this.find = db.prepare(
      "SELECT execution, text, items FROM stored_values WHERE execution = (SELECT number FROM executions WHERE id = ?) AND id = ?",
    );
    this.all = db.prepare("SELECT text FROM value_pages WHERE execution = ? AND id = ? ORDER BY item");
    this.one = db.prepare(
      "SELECT item, text FROM value_pages WHERE execution = (SELECT number FROM executions WHERE id = ?) AND id = ? AND item <= ? ORDER BY item DESC LIMIT 1",
    );
  }

  /** The JSON text of a stored value. */
  text(id: string, value: string): string | undefined {
    const row = this.find.get(id, value) as { execution: number; text: string; items: number | null } | undefined;
    if (row === undefined || row.items === null) return row?.text;
    const pages = this.all.all(row.execution, value) as { text: string }[];
    return `[${pages.map(({ text }) => text).join(",")}]`;
  }

  /** How many items a list has that is kept in pages; undefined for anything else. */
  items(id: string, value: string): number | undefined {
    const row = this.find.get(id, value) as { items: number | null } | undefined;
    return row?.items ?? undefined;
  }

  /** The page that `item` of such a list is on. */
  page(id: string, value: string, item: number): StoredPage | undefined {
    const row = this.one.get(id, value, item) as { item: number; text: string } | undefined;
    return row && { item: row.item, text: `[${row.text}]` };
  }
}
