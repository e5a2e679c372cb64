import type { Json } from "@shared/base/json";
import { connectionKind, type ConnectionKind } from "@shared/components/connection-kinds";
import type { ConnectionRow } from "@shared/contract/trust";
import type { Path } from "@shared/workflow/workflow";
import { placed, type Settings } from "./values";

/** The environment whose settings hold where another has none of its own. */
export const EVERYWHERE = "*";

/** A connection while it is being written; nothing is stored before it is saved. */
export class ConnectionDraft {
  name = $state("");
  kind = $state<ConnectionKind>("sqlite");
  settings = $state.raw<Settings>({});
  serves = $state.raw<readonly string[]>([]);
  /** The environment whose settings are shown. */
  environment = $state(EVERYWHERE);

  /** As it is stored; absent for one that is made. */
  readonly row: ConnectionRow | undefined;

  readonly own = $derived(this.settings[this.environment]);
  readonly changed = $derived(this.#differs());

  constructor(row: ConnectionRow | undefined) {
    this.row = row;
    this.#take();
  }

  #differs(): boolean {
    const { row } = this;
    const now = JSON.stringify([this.name, this.settings, this.serves]);
    return row === undefined || JSON.stringify([row.name, row.settings, row.serves]) !== now;
  }

  #take(): void {
    const { row } = this;
    this.name = row?.name ?? "";
    this.kind = row?.kind ?? "postgresql";
    this.settings = row?.settings ?? { [EVERYWHERE]: connectionKind(this.kind).defaults };
    this.serves = row?.serves ?? [];
  }

  /** Back to what is stored. */
  discard(): void {
    this.#take();
    if (this.own === undefined) this.environment = EVERYWHERE;
  }

  /** Another kind has other settings: those written for the one before are gone. */
  become(kind: ConnectionKind): void {
    this.kind = kind;
    this.settings = { [EVERYWHERE]: connectionKind(kind).defaults };
    this.environment = EVERYWHERE;
  }

  /** Sets a key of the settings shown. */
  set(path: Path, value: Json | undefined): void {
    this.settings = { ...this.settings, [this.environment]: placed(this.own ?? {}, path, value) };
  }

  /** Gives the environment shown settings of its own, which begin as those of all others. */
  separate(): void {
    this.settings = { ...this.settings, [this.environment]: this.settings[EVERYWHERE] ?? {} };
  }

  /** Takes the settings of the environment shown away. */
  join(): void {
    this.settings = Object.fromEntries(Object.entries(this.settings).filter(([name]) => name !== this.environment));
  }
}
