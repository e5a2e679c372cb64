import { ok } from "@shared/base/result";
import { plainJson } from "@shared/execution/parts";
import type { Rooms } from "../api/rooms";
import type { Engine } from "../engine/engine";
import type { WorkspaceSettings } from "../library/settings";
import type { Store } from "../store/store";
import type { Trust } from "../trust/room";
import { join } from "node:path";

/** Longer than any connection's own limit. */
const PATIENCE_MS = 30_000;

/** Tries connections where attempts are carried out: in a process of its own. */
export function connectionTester(
  trust: Trust,
  engine: Engine,
  settings: WorkspaceSettings,
  store: Store,
): Rooms["testConnection"] {
  return async (name, environment, signal) => {
    const filled = trust.filled(name, environment);
    if (!filled.ok) return filled;
    const { allowedFolders, hosts, trusted } = settings.get();
    const from = performance.now();
    const finished = await engine.probe(
      {
        type: "connection_test",
        config: { kind: "inline", json: {} },
        input: { kind: "inline", json: null },
        limits: { timeoutMs: PATIENCE_MS },
        place: {
          folder: store.files,
          allowed: [store.files, ...allowedFolders],
          hosts,
          trusted,
          scratch: join(store.scratch, "probe"),
        },
        services: { connection: filled.value.connection, network: settings.get().network },
        sensitive: filled.value.sensitive,
      },
      "child",
      signal,
    );
    const ms = Math.round(performance.now() - from);
    if (finished.kind === "failed") return ok({ ok: false, message: finished.error.message, ms });
    const output = plainJson(finished.output);
    return ok({ ok: true, message: typeof output === "string" ? output : "It answers.", ms });
  };
}
