import { untrack } from "svelte";
import type { Settings } from "@shared/contract/host";
import { ask, client } from "../bridge";
import { notices } from "./notices.svelte";

const THEME = "apg-theme";

/** The user's settings and the window's layout, as the host keeps them. */
export class SettingsState {
  all = $state.raw<Settings | undefined>();
  /** Known before the host answers, so that the window does not flash in another theme. */
  theme = $state<Settings["theme"]>((localStorage.getItem(THEME) as Settings["theme"] | null) ?? "system");
  #layout = $state.raw<Settings["layout"]>({});
  #later: ReturnType<typeof setTimeout> | undefined;
  /** Whether the window's layout is to be stored. */
  #isKept = true;

  async load(): Promise<void> {
    const settings = await ask(client.host.settings());
    if (settings.ok) this.#take(settings.value);
  }

  #take(settings: Settings): void {
    const isFirst = untrack(() => this.all) === undefined;
    this.all = settings;
    this.theme = settings.theme;
    this.#layout = { ...settings.layout, ...this.#layout };
    localStorage.setItem(THEME, settings.theme);
    if (isFirst && !this.#isKept) this.#storeSoon();
  }

  /** Stores part of the settings; says why when the host refuses. */
  async set(part: Partial<Settings>): Promise<boolean> {
    if (part.theme) {
      this.theme = part.theme;
      localStorage.setItem(THEME, part.theme);
    }
    const stored = await ask(client.host.set(part));
    if (stored.ok) this.#take(stored.value);
    else notices.fault(stored.problem);
    return stored.ok;
  }

  /** A size or choice the window keeps, e.g. `editor.palette`. */
  layout<T extends string | number | boolean>(key: string, initial: T): T {
    const kept = this.#layout[key];
    return typeof kept === typeof initial ? (kept as T) : initial;
  }

  /** Keeps a size or choice; stored a moment later, as a drag sets it often. */
  keep(key: string, value: string | number | boolean): void {
    const layout = untrack(() => this.#layout);
    if (layout[key] === value) return;
    this.#layout = { ...layout, [key]: value };
    this.#isKept = false;
    this.#storeSoon();
  }

  #storeSoon(): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      // Before the host has said what it keeps, this is only a part of it.
      if (this.all === undefined) return;
      this.#isKept = true;
      void ask(client.host.set({ layout: this.#layout }));
    }, 600);
  }
}

/** The window's settings. */
export const settings = new SettingsState();
