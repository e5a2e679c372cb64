import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readConnectionsFile } from "@shared/components/connections-file";
import { usage } from "./exit";
import type { CliHost } from "./host";
import { readText } from "./input";
import { say } from "./output";

/**
 * Adds the connections that a workflow file brings along in `NAME.connections.json`. What the workspace has under a name stays.
 *
 * @throws Stop when that file is wrong.
 */
export async function addConnections(target: string, { trust, sentence }: CliHost): Promise<void> {
  const name = /^(.+)\.workflow\.(ya?ml|json)$/.exec(basename(target))?.[1];
  const file = name === undefined ? undefined : join(dirname(target), `${name}.connections.json`);
  if (file === undefined || !existsSync(file)) return;
  const brought = readConnectionsFile(await readText(file));
  if (!brought.ok) throw usage(`${file}: ${brought.problem}`);
  const known = new Set(trust.connections().map((connection) => connection.name));
  for (const connection of brought.value) {
    if (known.has(connection.name)) continue;
    const added = trust.setConnection(connection, undefined);
    if (!added.ok) throw usage(`${file}: ${sentence(added.problem)}`);
    say(`Added the connection ${connection.name} to the workspace, from ${basename(file)}.`);
  }
}
