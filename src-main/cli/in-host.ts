import { EXIT } from "./exit";
import type { CliHost, OpenHost } from "./host";

/** What every command of a workspace may be told. */
export interface Options {
  readonly json?: boolean;
  readonly workspace?: string;
}

/** Opens the workspace for one command, and closes it whatever comes. */
export async function inHost(
  openHost: OpenHost,
  workspace: string | undefined,
  command: (host: CliHost) => Promise<number>,
): Promise<number> {
  const host = await openHost(workspace);
  try {
    return await command(host);
  } finally {
    await host.close();
  }
}

/** The same for a command that has done its work when it returns. */
export function within(
  { workspace }: { readonly workspace?: string },
  openHost: OpenHost,
  act: (host: CliHost) => Promise<void>,
): Promise<number> {
  return inHost(openHost, workspace, async (host) => {
    await act(host);
    return EXIT.ok;
  });
}
