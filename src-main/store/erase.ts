import Database from "better-sqlite3";
import type { Erased } from "@shared/contract/privacy";
import { eventsIn } from "@shared/execution/journal-text";
import { unpacked } from "./packing";
import { Sought, type Held } from "./sought";
import { seal, unseal } from "./vault";

/** Whose data is to go. */
export interface EraseQuery {
  /** The field that holds the value, at any depth; any place when there is none. */
  readonly field?: string;
  readonly value: string;
  /** Only executions in which this workflow ran, and its cached values. */
  readonly workflowId?: string;
  /** Only counts. */
  readonly isTrial?: boolean;
  /** A larger database is not written anew: that would hold up whoever works with it. */
  readonly mostBytes?: number;
}

/** Removes for good what executions, cached values and events hold of a person. */
export function erase(db: Database.Database, key: Buffer, query: EraseQuery): Erased {
  const sought = new Sought(query);
  const found = families(db, sought, query.workflowId);
  const cached = cachedWith(db, key, sought, query.workflowId);
  const events = query.workflowId === undefined ? eventsWith(db, key, sought) : [];
  const counts = {
    executions: found.gone.reduce((sum, { size }) => sum + size, 0),
    cached: cached.length,
    events: events.length,
    underWay: found.underWay + (query.workflowId === undefined ? openFirings(db, key, sought) : 0),
    elsewhere: found.elsewhere,
  };
  if (query.isTrial) return { ...counts, isOverwritten: true };
  db.pragma("secure_delete = ON");
  try {
    const dropExecutions = db.prepare("DELETE FROM executions WHERE root_id = ?");
    for (const { root } of found.gone) dropExecutions.run(root);
    const dropCached = db.prepare("DELETE FROM caches WHERE key = ?");
    for (const each of cached) dropCached.run(each);
    const empty = db.prepare("UPDATE events SET nonce = ?, sealed = ? WHERE id = ?");
    for (const { id, about } of events) {
      const { nonce, sealed } = seal(key, "null", about);
      empty.run(nonce, sealed, id);
    }
    const went = counts.executions + counts.cached + counts.events > 0;
    return { ...counts, isOverwritten: !went || overwrite(db, query.mostBytes) };
  } finally {
    db.pragma("secure_delete = OFF");
  }
}

/** Executions go as families: the journal of one names values of those it called. */
function families(
  db: Database.Database,
  sought: Sought,
  workflowId: string | undefined,
): { readonly gone: readonly { root: string; size: number }[]; readonly underWay: number; readonly elsewhere: number } {
  const roots = db
    .prepare(
      `SELECT root_id AS root, count(*) AS size, sum(settled_at IS NULL) AS open FROM executions
       WHERE :workflow IS NULL OR root_id IN (SELECT root_id FROM executions WHERE workflow_id = :workflow) GROUP BY root_id`,
    )
    .all({ workflow: workflowId ?? null }) as { root: string; size: number; open: number }[];
  const members = db.prepare("SELECT number, given, error FROM executions WHERE root_id = ?");
  const gone: { root: string; size: number }[] = [];
  let underWay = 0;
  let elsewhere = 0;
  for (const { root, size, open } of roots) {
    let held: Held;
    for (const one of members.all(root) as Member[]) {
      const found = inExecution(db, sought, one);
      held = found === "field" ? found : (held ?? found);
      if (held === "field") break;
    }
    if (held === "elsewhere") elsewhere += size;
    else if (held === "field" && open > 0) underWay += size;
    else if (held === "field") gone.push({ root, size });
  }
  return { gone, underWay, elsewhere };
}

interface Member {
  readonly number: number;
  readonly given: string;
  readonly error: string | null;
}

function inExecution(db: Database.Database, sought: Sought, { number, given, error }: Member): Held {
  let held = sought.inText(given) ?? (error === null ? undefined : sought.inText(error));
  const texts = [
    ["SELECT events AS text FROM journal WHERE execution = ?", eventsIn],
    ["SELECT text FROM stored_values WHERE execution = ? AND items IS NULL", JSON.parse],
    [
      `SELECT '[' || value_pages.text || ']' AS text FROM value_pages JOIN stored_values USING (execution, id)
       WHERE execution = ? AND items >= 0`,
      JSON.parse,
    ],
    // A text kept in pieces may be cut within what is sought. One that was never written whole is looked through as it is.
    [
      `SELECT iif(json_valid(whole), whole, json_quote(whole)) AS text FROM (
         SELECT group_concat(value_pages.text, '' ORDER BY item) AS whole FROM value_pages
         JOIN stored_values USING (execution, id) WHERE execution = ? AND items < 0 GROUP BY id)`,
      JSON.parse,
    ],
  ] as const;
  for (const [sql, read] of texts) {
    for (const row of db.prepare(sql).iterate(number) as IterableIterator<{ text: string | Uint8Array }>) {
      if (held === "field") return held;
      const found = sought.inText(unpacked(row.text), read);
      held = found === "field" ? found : (held ?? found);
    }
  }
  return held;
}

function cachedWith(
  db: Database.Database,
  key: Buffer,
  sought: Sought,
  workflowId: string | undefined,
): readonly string[] {
  const rows = db
    .prepare("SELECT key, value FROM caches WHERE :workflow IS NULL OR workflow_id IS NULL OR workflow_id = :workflow")
    .all({ workflow: workflowId ?? null }) as { key: string; value: string }[];
  const texts = db.prepare("SELECT id, nonce, text FROM cache_texts WHERE key = ?");
  return rows
    .filter(({ key: name, value }) => {
      if (sought.inText(value) === "field" || sought.inText(JSON.stringify(name)) === "field") return true;
      return (texts.all(name) as { id: string; nonce: Buffer | null; text: string | Buffer }[]).some(
        ({ id, nonce, text }) => {
          const plain = nonce === null ? String(text) : unseal(key, nonce, Buffer.from(text), `cache/${name}/${id}`);
          return plain !== undefined && sought.inText(plain) === "field";
        },
      );
    })
    .map(({ key: name }) => name);
}

interface SealedRow {
  readonly id: number;
  readonly name: string;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
}

function holds(key: Buffer, sought: Sought, { nonce, sealed }: SealedRow, about: string): boolean {
  const text = unseal(key, nonce, sealed, about);
  return text !== undefined && sought.inText(text) === "field";
}

/** Events that triggers have been looked for; the others are still to be heard. */
function eventsWith(db: Database.Database, key: Buffer, sought: Sought): readonly { id: number; about: string }[] {
  const rows = db
    .prepare("SELECT id, key AS name, nonce, sealed FROM events WHERE handled_at IS NOT NULL")
    .all() as SealedRow[];
  return rows.flatMap((row) => {
    const about = `event/${row.name}`;
    return holds(key, sought, row, about) ? [{ id: row.id, about }] : [];
  });
}

/** Firings whose execution has not taken what came with them. */
function openFirings(db: Database.Database, key: Buffer, sought: Sought): number {
  const rows = db
    .prepare("SELECT id, execution_id AS name, nonce, sealed FROM trigger_firings WHERE sealed IS NOT NULL")
    .all() as SealedRow[];
  return rows.filter((row) => holds(key, sought, row, `firing/${row.name}`)).length;
}

/** Writes the database anew, so that free pages and the log hold nothing of before. */
function overwrite(db: Database.Database, mostBytes = Infinity): boolean {
  const size = Number(db.pragma("page_count", { simple: true })) * Number(db.pragma("page_size", { simple: true }));
  if (size > mostBytes) return false;
  try {
    db.exec("VACUUM");
    const [checkpoint] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    return checkpoint?.busy === 0;
  } catch (error) {
    // Another host is writing, or the disk has no room for a second copy: what was deleted is overwritten in its place.
    if (error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED|FULL)/.test(error.code)) return false;
    throw error;
  }
}
