import type { Database, Statement } from "better-sqlite3";
import { PAGED_FROM, pagesOf, piecesOf } from "@shared/execution/paged";
import type { KeptText } from "@shared/execution/work";

/** Stands where a list has the number of its items: a text that is kept in pieces, cut wherever one was long enough. */
const IN_PIECES = -1;

/** Writes large values; long lists page by page, other long texts in pieces. */
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

  /** What writes a value, bit by bit: each piece is small, and each can be in a transaction of its own. */
  *pieces(execution: number, { id, text, pages }: KeptText): Generator<() => void> {
    if (pages === undefined && text.length <= PAGED_FROM) {
      yield () => void this.put.run(execution, id, text.length, text, null);
      return;
    }
    // An attempt that is made again writes the same value again.
    yield () => {
      this.put.run(execution, id, text.length, "", pages?.items ?? IN_PIECES);
      this.clear.run(execution, id);
    };
    const pieces = pages === undefined ? piecesOf(text) : pagesOf(text, pages);
    for (const [item, piece] of pieces) yield () => void this.putPage.run(execution, id, item, piece);
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
    const pages = (this.all.all(row.execution, value) as { text: string }[]).map(({ text }) => text);
    return row.items === IN_PIECES ? pages.join("") : `[${pages.join(",")}]`;
  }

  /** How many items a list has that is kept in pages; undefined for anything else. */
  items(id: string, value: string): number | undefined {
    const row = this.find.get(id, value) as { items: number | null } | undefined;
    return row === undefined || row.items === null || row.items === IN_PIECES ? undefined : row.items;
  }

  /** The page that `item` of such a list is on. */
  page(id: string, value: string, item: number): StoredPage | undefined {
    const row = this.one.get(id, value, item) as { item: number; text: string } | undefined;
    return row && { item: row.item, text: `[${row.text}]` };
  }
}
