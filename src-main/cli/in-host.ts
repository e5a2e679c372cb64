import type { CliHost, OpenHost } from "./host";

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
