import type { BundlePlan } from "@shared/contract/bundles";
import { ask, client, type Fault } from "../bridge";
import type { Finding } from "@shared/workflow/finding";
import { notices } from "../state/notices.svelte";
import { studio } from "../state/studio.svelte";
import { bundlesText } from "../text/bundles";
import { having, setOf } from "../ui/sets";

/** How far an export is. */
export type ExportStage =
  | { readonly kind: "planning" }
  | { readonly kind: "ready" }
  | {
      readonly kind: "writing";
      readonly entry: string;
      readonly written: number;
      readonly total: number;
      readonly bytes: number;
    }
  | { readonly kind: "done"; readonly file: string; readonly sha256?: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "refused"; readonly fault: Fault };

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function saveInBrowser(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** One export of one workflow: the plan, what is left out of it, and the writing. */
export class BundleExport {
  plan = $state.raw<BundlePlan | undefined>();
  stage = $state.raw<ExportStage>({ kind: "planning" });
  /** Paths of optional entries that stay here. */
  leftOut = $state.raw<ReadonlySet<string>>(setOf());
  readonly kept = $derived(this.plan?.entries.filter((entry) => !this.leftOut.has(entry.path)) ?? []);
  readonly bytes = $derived(this.kept.reduce((sum, entry) => sum + entry.bytes, 0));
  readonly blocked = $derived(this.plan?.blocked ?? true);
  readonly busy = $derived(this.stage.kind === "writing");
  #abort: AbortController | undefined;
  #choosing = false;
  #isLeft = false;

  constructor(
    readonly workflowId: string,
    readonly text: string | undefined,
  ) {}

  /** Asks what would go in. Samples stay here at first: they may hold personal data. */
  async look(): Promise<void> {
    const plan = await ask(client.bundles.plan({ workflowId: this.workflowId, text: this.text }));
    if (!plan.ok) {
      this.stage = { kind: "refused", fault: plan.problem };
      return;
    }
    const samples = plan.value.entries.filter((entry) => entry.optional && entry.kind === "sample");
    // What the user chose before a repair stays chosen after it.
    if (!this.plan) this.leftOut = setOf(samples.map((entry) => entry.path));
    this.plan = plan.value;
    this.stage = { kind: "ready" };
  }

  include(path: string, on: boolean): void {
    this.leftOut = having(this.leftOut, path, !on);
  }

  /** Applies a finding's repair to the stored workflow, and looks again. */
  async mend(finding: Finding & { readonly workflowId: string }): Promise<void> {
    const { fix, workflowId } = finding;
    if (!fix) return;
    const { mend, unmend } = await import("./mend");
    const mended = await mend(workflowId, fix);
    if (!mended.ok) return notices.fault(mended.problem);
    await this.look();
    notices.undoable(bundlesText.mended(fix.title), async () => {
      const back = await unmend(workflowId, mended.value);
      if (!back.ok) notices.fault(back.problem);
      await this.look();
    });
  }

  /** Writes the bundle where the user chooses; in a browser, into its downloads. */
  async write(): Promise<void> {
    if (!this.plan || this.blocked || this.busy || this.#choosing) return;
    if (!studio.info?.dialogs) return this.#download(this.plan.fileName);
    this.#choosing = true;
    const file = await ask(client.host.chooseSave({ title: bundlesText.saveAs, name: this.plan.fileName }));
    this.#choosing = false;
    if (this.#isLeft) return;
    if (!file.ok) this.stage = { kind: "refused", fault: file.problem };
    else if (file.value !== null) await this.#writeTo(file.value);
  }

  async #writeTo(file: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.stage = { kind: "writing", entry: "", written: 0, total: this.kept.length, bytes: 0 };
    const written = await ask(
      (async () => {
        let done: { readonly file: string; readonly sha256: string } | undefined;
        const input = { workflowId: this.workflowId, file, leaveOut: [...this.leftOut] };
        for await (const item of await client.bundles.export(input, { signal: abort.signal })) {
          if (abort.signal.aborted) break;
          done = item.done;
          if (!done)
            this.stage = {
              kind: "writing",
              entry: item.entry,
              written: item.written,
              total: item.total,
              bytes: item.bytes,
            };
        }
        return done;
      })(),
    );
    if (this.#abort !== abort) return;
    if (abort.signal.aborted) this.stage = { kind: "cancelled" };
    else if (!written.ok) this.stage = { kind: "refused", fault: written.problem };
    else this.stage = written.value ? { kind: "done", ...written.value } : { kind: "cancelled" };
  }

  async #download(name: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.stage = { kind: "writing", entry: name, written: 0, total: 0, bytes: 0 };
    const packed = await ask(
      client.bundles.download({ workflowId: this.workflowId, leaveOut: [...this.leftOut] }, { signal: abort.signal }),
    );
    if (this.#abort !== abort) return;
    if (abort.signal.aborted) this.stage = { kind: "cancelled" };
    else if (!packed.ok) this.stage = { kind: "refused", fault: packed.problem };
    else {
      saveInBrowser(packed.value.name, bytesOf(packed.value.base64));
      this.stage = { kind: "done", file: packed.value.name };
    }
  }

  /** The dialog is closed. */
  leave(): void {
    this.#isLeft = true;
    this.cancel();
  }

  cancel(): void {
    this.#abort?.abort();
    if (this.busy) this.stage = { kind: "cancelled" };
  }
}
