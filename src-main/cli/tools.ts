import type { Bundles } from "./bundle";
import type { OpenHost } from "./host";
import type { Outside } from "./outside";
import type { VaultKey } from "./vault";

/** What composition hands the command line; each is loaded when a command first needs it. */
export interface Tools {
  readonly version: string;
  readonly openHost: OpenHost;
  readonly outside: Outside;
  readonly bundles: Bundles;
  backup(file: string, workspace: string | undefined): Promise<string>;
  restore(file: string, workspace: string | undefined): Promise<string>;
  /** The file that holds a workspace's key; undefined where there is no workspace. */
  vaultKey(workspace: string | undefined): Promise<VaultKey | undefined>;
  serveStudio(args: readonly string[]): Promise<never>;
  sampleApi(port: number): Promise<never>;
}
