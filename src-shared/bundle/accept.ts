import type { Need } from "./manifest";

/** What a host has to offer a bundle. */
export interface Offer {
  readonly secrets: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  readonly env: ReadonlySet<string>;
  readonly connections: ReadonlySet<string>;
  /** Component types this host carries out. */
  readonly types: ReadonlySet<string>;
  readonly trusted: boolean;
  readonly version: string;
}

/**
 * Which needs of a bundle `offer` does not meet. Network, files and resources are not judged here: they show when used.
 *
 * @returns the unmet needs, in the order given; empty when the bundle may run.
 */
export function unmet(needs: readonly Need[], offer: Offer): readonly Need[] {
  return needs.filter((need) => !isMet(need, offer));
}

function isMet(need: Need, offer: Offer): boolean {
  switch (need.kind) {
    case "secret":
      return offer.secrets.has(need.name.replace(/^secrets\./, ""));
    case "parameter":
      return offer.parameters.has(need.name);
    case "env":
      return offer.env.has(need.name.replace(/^env\./, ""));
    case "component":
      return need.name === "code (trusted)" ? offer.trusted : offer.types.has(need.name);
    case "engine":
      return !isNewer(need.name.split(">= ")[1] ?? "0.0.0", offer.version);
    case "connection":
      return offer.connections.has(need.name);
    case "network":
    case "file":
    case "resources":
      return true;
  }
}

function isNewer(wanted: string, own: string): boolean {
  const [a, b] = [wanted, own].map((version) => version.split(".").map((part) => Number.parseInt(part, 10) || 0)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  return false;
}
