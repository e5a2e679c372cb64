import type { VaultState as State } from "@shared/contract/vault";
import { ask, client, follow, onLink, whenLocked } from "../bridge";
import { lasting } from "./lasting.svelte";
import { latest } from "./latest";

/** The workspace's vault as this window sees it, and what waits for it to be unlocked. */
class VaultState {
  state = $state.raw<State | undefined>();
  /** Which of its dialogs is open. */
  dialog = $state<"unlock" | "passphrase" | undefined>();
  readonly isLocked = $derived(this.state?.isOpen === false);
  #asked: Promise<boolean> | undefined;
  #answer: (isOpen: boolean) => void = () => undefined;

  /** Follows the vault until the result is called. */
  watch(): () => void {
    const stops = [
      follow(
        (signal) => client.vault.changes(undefined, { signal }),
        () => void this.refresh(),
      ),
      onLink((link) => {
        if (link === "open") void this.refresh();
      }),
      whenLocked(() => this.askForIt()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  readonly refresh = latest(async () => {
    const state = await ask(client.vault.state());
    if (!state.ok) return;
    this.state = state.value;
    // Somebody unlocked it in another window.
    if (state.value.isOpen && this.dialog === "unlock") this.answered(true);
  });

  /** Asks for the passphrase; whether the vault is open then. Those who ask at the same time are answered together. */
  askForIt(): Promise<boolean> {
    this.#asked ??= new Promise((resolve) => (this.#answer = resolve));
    this.dialog = "unlock";
    return this.#asked;
  }

  /** Ends the asking. */
  answered(isOpen: boolean): void {
    this.dialog = undefined;
    this.#asked = undefined;
    this.#answer(isOpen);
  }
}

/** The window's view of the vault. */
export const vault = lasting(() => new VaultState());
