import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { NetworkSettings, Notice } from "../execution/effect";
import { faults } from "./faults";

/** The program that answers. */
export interface HostInfo {
  readonly kind: "desktop" | "web";
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly workspace: {
    readonly name: string;
    readonly folder: string;
    readonly trusted: boolean;
    readonly bytes: number;
  };
  readonly engine: { readonly running: number; readonly held: number; readonly workers: number; readonly busy: number };
  /** Whether the window can show native dialogs (`chooseFile`, `chooseSave`). */
  readonly dialogs: boolean;
}

/** What an execution tells the person at the screen, by `notify`. */
export interface HostNotice extends Notice {
  readonly executionId: string;
}

/** What a user set. Kept in the workspace, but for the theme, which is the user's. */
export interface Settings {
  readonly theme: "system" | "dark" | "light" | "contrast";
  readonly trusted: boolean;
  /** Host name to base URL, for tests and examples. */
  readonly hosts: { readonly [host: string]: string };
  /** Folders workflows may use beside their own. */
  readonly allowedFolders: readonly string[];
  /** Attempts carried out at the same time, over all executions. */
  readonly concurrency: number;
  /** How many executions run at once, those they call aside; further ones queue. 0: any number. */
  readonly executionLimit: number;
  /** Where webhooks are heard on this machine; 0 takes a free port once and keeps it. */
  readonly webhookPort: number;
  /** Days after which settled executions are removed with all they stored; 0 keeps them. */
  readonly keepExecutionsDays: number;
  /** What cached values may take together, in bytes; those used longest ago make room. */
  readonly cacheLimitBytes: number;
  readonly env: { readonly [name: string]: string };
  /** How HTTP leaves the machine: a proxy, further authorities, the hosts a restricted policy allows. */
  readonly network: NetworkSettings;
  /** Pane sizes and such, by key; windows keep what they like here. */
  readonly layout: { readonly [key: string]: unknown };
}

/** The host itself. */
export const host = {
  info: oc.output(type<HostInfo>()),
  settings: oc.output(type<Settings>()),
  set: oc.errors(faults).input(z.custom<Partial<Settings>>()).output(type<Settings>()),
  /** Asks with a native dialog; `null` when cancelled or where there are none. */
  chooseFile: oc
    .input(
      z.object({
        title: z.string(),
        filters: z.array(z.object({ name: z.string(), extensions: z.array(z.string()) })),
      }),
    )
    .output(type<string | null>()),
  chooseSave: oc.input(z.object({ title: z.string(), name: z.string() })).output(type<string | null>()),
  chooseFolder: oc.input(z.object({ title: z.string() })).output(type<string | null>()),
  /** Menu items a native menu chose, by command id; `workflow.open:ID` for a file that the system handed over. */
  commands: oc.output(type<AsyncIterableIterator<string>>()),
  /** What executions tell the desktop from the call on. */
  notices: oc.output(type<AsyncIterableIterator<HostNotice>>()),
};
