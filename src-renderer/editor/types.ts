import { catalogue } from "@shared/components/catalogue";
import type { Descriptor } from "@shared/components/descriptor";

/** What the palette offers. */
export const offered: readonly Descriptor[] = [...catalogue.values()];

/** The types whose words hold all of `search`, those that begin with it first. */
export function findTypes(search: string): readonly Descriptor[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return offered;
  const parts = wanted.split(/\s+/);
  const rank = (descriptor: Descriptor): number =>
    descriptor.title.toLowerCase().startsWith(wanted) ? 0 : descriptor.title.toLowerCase().includes(wanted) ? 1 : 2;
  return offered
    .filter((descriptor) => {
      const words = `${descriptor.title} ${descriptor.type} ${descriptor.description}`.toLowerCase();
      return parts.every((part) => words.includes(part));
    })
    .toSorted((a, b) => rank(a) - rank(b));
}
