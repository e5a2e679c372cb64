import { dirname, join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { Erased } from "@shared/contract/privacy";
import { Bug } from "@shared/base/bug";
import { isMaskedAt, maskJson } from "@shared/execution/mask";
import { REDACTED } from "@shared/execution/value";
import { backupTo } from "./backup";
import { connect } from "./connection";
import { erase, type EraseQuery } from "./erase";
import { Reads } from "./reads";
import { purge, sweepDatasets } from "./retention";
import type { Answered, Asked, ThreadData } from "./thread-calls";
import { foldSnapshot } from "./snapshots";
import { ValueReader } from "./values";

/** The store's thread: slow reads, retention and backups on a connection of its own. */
const data = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Bug("the store's thread was started as a program");
const db = connect(data.file);
const reads = new Reads(db, data.hosts, data.own);
const values = new ValueReader(reads.stored);
let idle: NodeJS.Timeout | undefined;

function purged(before: number, now: number, settledBefore: number | undefined): ReturnType<typeof purge> {
  const gone = purge(db, before, now, settledBefore);
  sweepDatasets(db, join(dirname(data.file), "scratch", "datasets"));
  return gone;
}

function erased(key: Buffer, query: EraseQuery): Erased {
  const report = erase(db, key, query);
  sweepDatasets(db, join(dirname(data.file), "scratch", "datasets"));
  return report;
}

function answer(asked: Asked): unknown {
  switch (asked.call) {
    case "journal":
      return reads.journal(asked.id, asked.from, asked.limit);
    case "snapshot":
      return reads.snapshot(asked.id);
    case "fold":
      return foldSnapshot(db, reads, asked.id);
    case "text":
      return reads.text(asked.id, asked.value);
    case "row":
      return reads.row(asked.id);
    case "list":
      return reads.list(asked.query);
    case "recent":
      return reads.recent(asked.limit);
    case "page":
      return values.page(asked.id, asked.value, asked.path, asked.from, asked.limit);
    case "json":
      return values.json(asked.id, asked.value);
    case "raw": {
      const hidden = new Set(asked.hidden);
      const json = isMaskedAt(asked.value, [], hidden)
        ? REDACTED
        : maskJson(values.json(asked.id, asked.value), hidden);
      const text = JSON.stringify(json, null, 2);
      return { text: text.slice(0, asked.maxBytes), cut: text.length > asked.maxBytes, bytes: text.length };
    }
    case "checkpoint":
      return db.pragma("wal_checkpoint(PASSIVE)");
    case "backup":
      return backupTo(db, asked.file);
    case "erase":
      return erased(Buffer.from(asked.key), asked.query);
    case "purge":
      return purged(asked.before, asked.now, asked.settledBefore);
  }
}

port.on("message", (asked: Asked) => {
  let answered: Answered;
  try {
    answered = { n: asked.n, ok: true, value: answer(asked) };
  } catch (error) {
    answered = { n: asked.n, ok: false, error };
  }
  port.postMessage(answered);
  clearTimeout(idle);
  idle = setTimeout(() => values.forget(), 30_000).unref();
});
