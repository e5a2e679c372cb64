import type { Result } from "@shared/base/result";
import type { Erased } from "@shared/contract/privacy";
import type { client, Fault } from "../bridge";

/** How far erasing has come: nothing is removed that was not counted first, for the same value. */
export type ErasingStage =
  | { readonly kind: "asked" }
  | { readonly kind: "counted"; readonly report: Erased }
  | { readonly kind: "erased"; readonly report: Erased };

type Sought = Parameters<typeof client.privacy.erase>[0];

/** A person's data on its way out of the workspace. */
export class Erasing {
  value = $state("");
  field = $state("");
  workflowId = $state("");
  /** The value written once more. */
  again = $state("");
  stage = $state.raw<ErasingStage>({ kind: "asked" });
  busy = $state<"counting" | "erasing" | undefined>();
  fault = $state.raw<Fault | undefined>();

  readonly sought = $derived(this.value.trim());
  readonly isConfirmed = $derived(this.sought !== "" && this.again.trim() === this.sought);

  #changes = 0;

  constructor(private readonly erased: (sought: Sought) => Promise<Result<Erased, Fault>>) {}

  /** What was counted was counted for something else. */
  changed(): void {
    this.#changes += 1;
    this.stage = { kind: "asked" };
    this.fault = undefined;
    this.again = "";
  }

  async count(): Promise<void> {
    await this.#ask(true);
  }

  async erase(): Promise<void> {
    if (this.stage.kind === "counted" && this.isConfirmed) await this.#ask(false);
  }

  async #ask(isTrial: boolean): Promise<void> {
    if (this.busy !== undefined || this.sought === "") return;
    this.busy = isTrial ? "counting" : "erasing";
    const field = this.field.trim();
    const changes = this.#changes;
    const answer = await this.erased({
      value: this.sought,
      ...(field === "" ? {} : { field }),
      ...(this.workflowId === "" ? {} : { workflowId: this.workflowId }),
      isTrial,
    });
    this.busy = undefined;
    // It was counted for what stood there before.
    if (isTrial && changes !== this.#changes) return;
    this.fault = answer.ok ? undefined : answer.problem;
    if (!answer.ok) return;
    this.stage = { kind: isTrial ? "counted" : "erased", report: answer.value };
    this.again = "";
  }
}
