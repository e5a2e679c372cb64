import { readWorkflow } from "@shared/workflow/file";
import { calledBy } from "../library/examples";
import type { SampleApi } from "../sample-api/server";
import type { Library } from "../library/library";
import type { WorkspaceSettings } from "../library/settings";

/** The host that examples name; what answers for it is the sample API. */
const SAMPLE_HOST = "sample.apg.test";

/** Starts the sample API when an example needs it and the workspace's settings name none. One a host. */
export class SampleHosts {
  private starting: Promise<SampleApi> | undefined;

  constructor(
    private readonly settings: WorkspaceSettings,
    private readonly library: Library,
  ) {}

  /** Where to find the hosts that `text`, or a workflow it calls, names. */
  async hostsFor(text: string): Promise<{ readonly [host: string]: string }> {
    if (SAMPLE_HOST in this.settings.get().hosts || !this.names(text, new Set())) return {};
    // Loaded when needed: most runs need no HTTP server.
    this.starting ??= import("../sample-api/server").then(({ startSampleApi }) => startSampleApi());
    return { [SAMPLE_HOST]: (await this.starting).url };
  }

  async close(): Promise<void> {
    await (await this.starting)?.close();
  }

  private names(text: string, seen: Set<string>): boolean {
    if (text.includes(SAMPLE_HOST)) return true;
    if (!text.includes("workflow_call")) return false;
    const { workflow } = readWorkflow(text, "yaml");
    return calledBy(workflow ?? { id: "", components: [] }).some((id) => {
      const called = seen.has(id) ? undefined : this.library.get(id);
      seen.add(id);
      return called !== undefined && this.names(called.text, seen);
    });
  }
}
