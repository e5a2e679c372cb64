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

  /** How often something was set; an answer to what was asked before the last of them is older than what is shown. */
  #sets = 0;
  #asked: Partial<Settings> = {};

  async load(): Promise<void> {
    const mine = this.#sets;
    const settings = await ask(client.host.settings());
    if (settings.ok && mine === this.#sets) this.#take(settings.value);
  }

  #take(settings: Settings): void {
    const before = untrack(() => this.all);
    const isFirst = before === undefined;
    this.all = isFirst ? settings : unchangedKept(before, settings);
    this.theme = settings.theme;
    this.#layout = { ...settings.layout, ...this.#layout };
    localStorage.setItem(THEME, settings.theme);
    if (isFirst && !this.#isKept) this.#storeSoon();
  }

  /** The settings once the host has answered to all that was set: what is changed next is a change of these. */
  get wanted(): Settings | undefined {
    return this.all && { ...this.all, ...this.#asked };
  }

  /** Stores part of the settings; says why when the host refuses. */
  async set(part: Partial<Settings>): Promise<boolean> {
    if (part.theme) {
      this.theme = part.theme;
      localStorage.setItem(THEME, part.theme);
    }
    const mine = ++this.#sets;
    this.#asked = { ...this.#asked, ...part };
    const stored = await ask(client.host.set(part));
    if (!stored.ok) notices.fault(stored.problem);
    if (mine !== this.#sets) return stored.ok;
    this.#asked = {};
    if (stored.ok) this.#take(stored.value);
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

/** `settings` with the very parts of `before` that are the same: fields being written do not begin anew. */
function unchangedKept(before: Settings, settings: Settings): Settings {
  const same = Object.entries(before).filter(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(settings[key as keyof Settings]),
  );
  return { ...settings, ...Object.fromEntries(same) };
}

/** The window's settings. */
export const settings = new SettingsState();
