import type { Database } from "better-sqlite3";

/** The schema's history; a released step is never edited, only followed. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE workflows (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('yaml', 'json')),
  text TEXT NOT NULL,
  summary TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('workspace', 'example', 'import', 'bundle', 'file')),
  file TEXT,
  favourite INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER
) STRICT;
CREATE TABLE revisions (
  workflow_id TEXT NOT NULL REFERENCES workflows(id) ON UPDATE CASCADE ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  version TEXT NOT NULL,
  format TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (workflow_id, revision)
) STRICT;
CREATE TABLE drafts (
  workflow_id TEXT PRIMARY KEY REFERENCES workflows(id) ON UPDATE CASCADE ON DELETE CASCADE,
  text TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  base_revision INTEGER NOT NULL
) STRICT;
CREATE TABLE executions (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  settled_at INTEGER,
  error TEXT,
  warnings INTEGER NOT NULL DEFAULT 0,
  debug INTEGER NOT NULL,
  owner TEXT,
  parent_id TEXT,
  parent_path TEXT,
  root_id TEXT NOT NULL,
  place TEXT NOT NULL,
  given TEXT NOT NULL,
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX executions_by_workflow ON executions (workflow_id, number);
CREATE INDEX executions_by_parent ON executions (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX executions_unfinished ON executions (number) WHERE settled_at IS NULL;
CREATE TABLE journal (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  events ANY NOT NULL CHECK (typeof(events) IN ('text', 'blob')),
  PRIMARY KEY (execution, first_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
  execution INTEGER PRIMARY KEY REFERENCES executions(number) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE stored_values (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (execution, id)
) STRICT;
CREATE TABLE vault (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (execution, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE breakpoints (
  workflow_id TEXT NOT NULL,
  component TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  condition TEXT,
  PRIMARY KEY (workflow_id, component)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE breakers (
  key TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL,
  component TEXT,
  rule TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE caches (
  key TEXT PRIMARY KEY,
  workflow_id TEXT,
  value TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  expires_at INTEGER,
  used_at INTEGER NOT NULL,
  hits INTEGER NOT NULL,
  summary TEXT NOT NULL,
  sensitive INTEGER NOT NULL
) STRICT;
CREATE INDEX caches_by_use ON caches (used_at);
CREATE TABLE cache_texts (
  key TEXT NOT NULL REFERENCES caches(key) ON DELETE CASCADE,
  id TEXT NOT NULL,
  nonce BLOB,
  text ANY NOT NULL CHECK (typeof(text) IN ('text', 'blob')),
  PRIMARY KEY (key, id)
) STRICT;
CREATE TABLE cache_leases (
  key TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  used_at INTEGER,
  deleted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE connections (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,
  serves TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE environments (
  name TEXT PRIMARY KEY,
  env TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO environments (name, env, active) VALUES ('dev', '{}', 1), ('test', '{}', 0), ('prod', '{}', 0);
ALTER TABLE executions ADD COLUMN environment TEXT;
`,
  `
ALTER TABLE executions ADD COLUMN parked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN wake_at INTEGER;
ALTER TABLE executions ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
CREATE INDEX executions_parked ON executions (owner) WHERE parked = 1;
CREATE TABLE waits (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (execution, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX waits_by_pattern ON waits (pattern);
CREATE TABLE tasks (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  form TEXT NOT NULL,
  input TEXT NOT NULL,
  assignee TEXT,
  opened_at INTEGER NOT NULL,
  deadline INTEGER,
  escalated_at INTEGER,
  answered_at INTEGER,
  answered_by TEXT,
  answer TEXT,
  PRIMARY KEY (execution, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  at INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX messages_by_execution ON messages (execution);
`,
  // Triggers: which are on, what they fired, the events they hear, and the one host that fires them.
  `
CREATE TABLE triggers (
  id INTEGER PRIMARY KEY,
  workflow_id TEXT NOT NULL REFERENCES workflows(id) ON UPDATE CASCADE ON DELETE CASCADE,
  place INTEGER NOT NULL,
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 0,
  accounted_until INTEGER NOT NULL DEFAULT 0,
  last TEXT
) STRICT;
CREATE INDEX triggers_by_workflow ON triggers (workflow_id, place);
CREATE TABLE trigger_firings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  trigger_id INTEGER NOT NULL REFERENCES triggers(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'queued', 'started', 'skipped', 'refused', 'failed')),
  execution_id TEXT NOT NULL,
  message TEXT,
  nonce BLOB,
  sealed BLOB,
  UNIQUE (trigger_id, key)
) STRICT;
CREATE INDEX trigger_firings_open ON trigger_firings (trigger_id, id) WHERE state IN ('pending', 'queued');
CREATE TABLE trigger_files (
  trigger_id INTEGER NOT NULL REFERENCES triggers(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (trigger_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE trigger_lease (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  host TEXT NOT NULL
) STRICT;
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL,
  handled_at INTEGER,
  started INTEGER NOT NULL DEFAULT 0,
  woken INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX events_unhandled ON events (id) WHERE handled_at IS NULL;
`,
  `
CREATE INDEX executions_unfinished_of_tree ON executions (root_id) WHERE settled_at IS NULL;
`,
  `
ALTER TABLE events ADD COLUMN chain INTEGER NOT NULL DEFAULT 0;
CREATE INDEX trigger_firings_by_execution ON trigger_firings (execution_id);
`,
  `
ALTER TABLE stored_values ADD COLUMN items INTEGER;
CREATE TABLE value_pages (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  item INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (execution, id, item)
) STRICT;
`,
  `
ALTER TABLE executions ADD COLUMN retention_days REAL;
CREATE INDEX executions_by_retention ON executions (settled_at) WHERE retention_days IS NOT NULL;
`,
  `
ALTER TABLE executions ADD COLUMN run_limit INTEGER;
CREATE INDEX executions_queued ON executions (owner) WHERE status = 'queued';
`,
  `
ALTER TABLE breakers ADD COLUMN environment TEXT;
CREATE TABLE breaker_trials (
  key TEXT NOT NULL,
  host TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (key, host)
) STRICT, WITHOUT ROWID;
`,
  `
ALTER TABLE executions ADD COLUMN lab INTEGER NOT NULL DEFAULT 0;
`,
  `
ALTER TABLE executions ADD COLUMN unmet_faults TEXT;
`,
  `
ALTER TABLE breakers ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
UPDATE breakers SET touched_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
`,
  // Rows of the journal are large: in a tree of keys each fills most of a page, inner pages too.
  `
CREATE TABLE journal_in_order (
  execution INTEGER NOT NULL REFERENCES executions(number) ON DELETE CASCADE,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  events ANY NOT NULL CHECK (typeof(events) IN ('text', 'blob')),
  UNIQUE (execution, first_seq)
) STRICT;
INSERT INTO journal_in_order (execution, first_seq, last_seq, events)
  SELECT execution, first_seq, last_seq, events FROM journal ORDER BY execution, first_seq;
DROP TABLE journal;
ALTER TABLE journal_in_order RENAME TO journal;
`,
];

/** What stood in the way of opening a workspace. */
export type SchemaProblem = { readonly kind: "newer-workspace"; readonly version: number; readonly known: number };

/** Brings `db` to the newest schema, one transaction a step. A workspace of a later release is refused, never touched. */
export function migrate(db: Database): SchemaProblem | undefined {
  for (;;) {
    const version = db.pragma("user_version", { simple: true }) as number;
    if (version > MIGRATIONS.length) return { kind: "newer-workspace", version, known: MIGRATIONS.length };
    const step = MIGRATIONS[version];
    if (step === undefined) return undefined;
    db.transaction(() => {
      // Another process may have migrated while this one waited for the lock.
      if (db.pragma("user_version", { simple: true }) !== version) return;
      db.exec(step);
      db.pragma(`user_version = ${version + 1}`);
    }).immediate();
  }
}
