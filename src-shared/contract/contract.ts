import type { ContractRouterClient } from "@orpc/contract";
import { bundles } from "./bundles";
import { debug, executions } from "./executions";
import { host } from "./host";
import { privacy } from "./privacy";
import { rehearsals } from "./rehearsals";
import { breakers, caches } from "./resilience";
import { connections, environments, secrets } from "./trust";
import { tasks, triggers } from "./waiting";
import { vault } from "./vault";
import { workflows } from "./workflows";

/** Every call and stream between a window and a host. */
export const contract = {
  workflows,
  executions,
  rehearsals,
  debug,
  bundles,
  breakers,
  caches,
  host,
  secrets,
  vault,
  connections,
  environments,
  tasks,
  triggers,
  privacy,
};

/** The contract as a window calls it. */
export type Client = ContractRouterClient<typeof contract>;
