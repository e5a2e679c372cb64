import { spawn } from "node:child_process";
import { expect } from "vitest";
import hostProgram from "./host-program?modulePath";
import type { Told } from "./host-program";

/** A host in a process of its own that has started what it was told. */
export interface HostProcess {
  /** The execution it started. */
  readonly id: string;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

export async function hostProcess(told: Told): Promise<HostProcess> {
  const host = spawn(process.execPath, [hostProgram, JSON.stringify(told)], { stdio: ["ignore", "pipe", "inherit"] });
  const killed = new Promise<NodeJS.Signals | null>((resolve) => host.once("exit", (_code, signal) => resolve(signal)));
  const id = await new Promise<string>((resolve) => {
    let text = "";
    host.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const begun = /started (\S+)\n/.exec(text);
      if (begun !== null) resolve(begun[1] as string);
    });
  });
  return {
    id,
    kill: async () => {
      host.kill("SIGKILL");
      expect(await killed).toBe("SIGKILL");
    },
  };
}
