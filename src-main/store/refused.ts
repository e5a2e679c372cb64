import Database from "better-sqlite3";

/** Whether the database said no: its disk is full, or another process writes for long. Anything else is a mistake of the program. */
export function isRefused(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}
