import { fail } from "@shared/base/result";
import type { BundlesRoom } from "../api/rooms";
import type { Answer, Engine, EngineProblem } from "../engine/engine";

const refused = <T = null>(problem: EngineProblem): Answer<T> => ({ ok: false, problem });

export const noEngine: Engine = {
  start: () => refused({ kind: "invalid-workflow", message: "This build carries out nothing.", problems: [] }),
  async *follow() {},
  cancel: (id) => refused({ kind: "unknown-execution", id }),
  settled: () => new Promise(() => undefined),
  resumeUnfinished: async () => [],
  resume: async (id) => refused({ kind: "unknown-execution", id }),
  setBreakpoints: () => undefined,
  breakpoints: () => [],
  pause: (id) => refused({ kind: "unknown-execution", id }),
  continue: (id) => refused({ kind: "unknown-execution", id }),
  stepOver: (id) => refused({ kind: "unknown-execution", id }),
  edit: (id) => refused({ kind: "unknown-execution", id }),
  evaluate: async () => ({ ok: false, message: "This build carries out nothing." }),
  read: async () => null,
  info: () => ({ running: 0, held: 0, workers: 0, busy: 0 }),
  isLive: () => false,
  close: async () => undefined,
} as Engine;

const nothing = { kind: "bundle", what: "This build makes no bundles." } as const;
export class Bundles implements BundlesRoom {
  constructor(_workspace: ConstructorParameters<typeof import("../bundle/room").Bundles>[0]) {}
  plan = async () => fail(nothing);
  async *export() {}
  download = async () => fail(nothing);
  inspect = async () => fail(nothing);
  import = async () => fail(nothing);
}
