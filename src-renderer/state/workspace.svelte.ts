import type { BreakerRow } from "@shared/contract/resilience";
import type { ConnectionRow, EnvironmentRow, SecretRow } from "@shared/contract/trust";
import type { TriggerRow } from "@shared/contract/waiting";
import { client } from "../bridge";
import { lasting } from "./lasting.svelte";
import { Listing } from "./listing.svelte";
import { studio } from "./studio.svelte";

/** The parts of the workspace, as its screen lists them. */
export const SECTIONS = ["secrets", "connections", "environments", "triggers", "breakers", "caches"] as const;
export type Section = (typeof SECTIONS)[number];

// Secrets, connections and environments change together.
const trustChanges = (signal: AbortSignal) => client.secrets.changes(undefined, { signal });

const URGENCY = { open: 0, "half-open": 1, closed: 2 } as const;

/** What workflows call by name, and what lasts from one execution to the next. */
class WorkspaceState {
  section = $state<Section>("secrets");
  /** Something is being made that is not in its list yet. */
  making = $state.raw<Section | undefined>();

  readonly secrets = new Listing<SecretRow>({
    load: () => client.secrets.list(),
    changes: trustChanges,
    key: (row) => row.name,
    words: (row) => [row.name, ...row.usedBy.map(({ id }) => id)],
  });
  readonly connections = new Listing<ConnectionRow>({
    load: () => client.connections.list(),
    changes: trustChanges,
    key: (row) => row.name,
    words: (row) => [row.name, row.kind, ...row.serves, ...row.usedBy],
  });
  readonly environments = new Listing<EnvironmentRow>({
    load: () => client.environments.list(),
    changes: trustChanges,
    key: (row) => row.name,
    words: (row) => [row.name, ...Object.keys(row.env)],
  });
  readonly triggers = new Listing<TriggerRow>({
    load: () => client.triggers.list({}),
    changes: (signal) => client.triggers.changes(undefined, { signal }),
    key: triggerKey,
    words: (row) => [row.workflowName, row.type, row.summary, row.address],
  });
  readonly breakers = new Listing<BreakerRow>({
    // Those that let nothing through come first.
    load: async () => {
      const rows = await client.breakers.list({});
      return rows.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state]);
    },
    changes: (signal) => client.breakers.changes(undefined, { signal }),
    key: (row) => row.key,
    words: (row) => [row.key, row.workflowId, row.component, row.state],
  });

  /** Shows a part of the workspace, and in it the row named. */
  open(section: Section, key?: string): void {
    this.section = section;
    this.making = undefined;
    if (key !== undefined && section !== "caches") this[section].choose(key);
    studio.open({ screen: "workspace" });
  }
}

/** Names a trigger within the workspace. */
export function triggerKey(row: Pick<TriggerRow, "workflowId" | "index">): string {
  return `${row.workflowId}#${row.index}`;
}

/** The window's view of the workspace. */
export const workspace = lasting(() => new WorkspaceState());
