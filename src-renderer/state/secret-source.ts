import { ask, client } from "../bridge";

import { workspace } from "./workspace.svelte";

/** The workspace's secrets as forms choose and make them. */
export const secretSource = {
  names: (): readonly string[] => workspace.secrets.rows.map((row) => row.name),
  async store(name: string, value: string): Promise<string | undefined> {
    const stored = await ask(client.secrets.set({ name, value }));
    if (!stored.ok) return [stored.problem.what, stored.problem.todo].filter(Boolean).join(" ");
    await workspace.secrets.refresh();
    return undefined;
  },
};
