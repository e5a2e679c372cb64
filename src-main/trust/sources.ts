import type { JsonObject } from "@shared/base/json";
import type { ConnectionKind, NetworkSettings } from "@shared/execution/effect";

/** A named connection as the workspace keeps it. */
export interface KeptConnection {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** By environment, `*` for all. */
  readonly settings: { readonly [environment: string]: JsonObject };
  readonly serves: readonly string[];
  readonly changedAt: number;
}

/** Where secrets and connections are read. Composition hands it in. */
export interface TrustSources {
  readonly secrets: {
    /** `sealed`: the workspace's key does not open it. `locked`: a passphrase guards that key, and nobody has given it. */
    open(name: string): { readonly value: string } | "sealed" | "locked" | undefined;
    names(): readonly string[];
  };
  readonly connections: {
    get(name: string): KeptConnection | undefined;
    list(): readonly KeptConnection[];
  };
  network(): NetworkSettings | undefined;
}
