import Database from "better-sqlite3";

/** Opens a connection as every thread of the store uses it. */
export function connect(file: string, options: { readonly readonly?: boolean } = {}): Database.Database {
  const db = new Database(file, { timeout: 5000, readonly: options.readonly === true });
  if (options.readonly !== true) db.pragma("journal_mode = WAL");
  // In WAL a commit under NORMAL survives the process; JournalPort.durable() syncs where the machine's death matters.
  db.pragma("synchronous = NORMAL");
  // A checkpoint waits for the disk, so it is the store's thread that makes them.
  db.pragma("wal_autocheckpoint = 0");
  db.pragma("foreign_keys = ON");
  db.pragma("cache_size = -8192");
  db.pragma("temp_store = MEMORY");
  return db;
}
