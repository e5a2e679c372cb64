import { ask, client } from "../bridge";
import type { FormContext } from "../inspector/form-context";
import { workspace } from "../state/workspace.svelte";

/** The workspace's secrets as forms choose and make them. */
export const secretSource: NonNullable<FormContext["secrets"]> = {
  names: () => workspace.secrets.rows.map((row) => row.name),
  async store(name, value) {
    const stored = await ask(client.secrets.set({ name, value }));
    if (!stored.ok) return [stored.problem.what, stored.problem.todo].filter(Boolean).join(" ");
    await workspace.secrets.refresh();
    return undefined;
  },
};
