import { lookup as lookupName, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The error a connection ends with that the network policy forbids. */
export class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
  /** @param reason why, as a clause: `example.com is 10.0.0.1, a private address`. */
  constructor(readonly reason: string) {
    super(reason);
  }
}

type LookupAnswer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Finds the addresses of a name, as `dns.lookup` does. */
export type Lookup = (hostname: string, options: LookupOptions, answer: LookupAnswer) => void;

/** Finds every address of a name. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Whether an address belongs to this machine, a private network or no network at all. IPv4 inside IPv6 (mapped, or translated
 * by NAT64) counts as that IPv4 address; a text that is no address is not private.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  return !isPublic(ipaddr.process(address.replace(/%.*$/, "")));
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address instanceof ipaddr.IPv6) {
    const embedded = nat64(address);
    if (embedded) return isPublic(embedded);
    // The deprecated form `::a.b.c.d`, which some systems still route as IPv4.
    if (address.parts.slice(0, 6).every((part) => part === 0)) return false;
  }
  return address.range() === "unicast";
}

/** The IPv4 address behind the well-known NAT64 prefix. */
function nat64(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const prefix = ipaddr.IPv6.parse("64:ff9b::");
  return address.match(prefix, 96) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : undefined;
}

/** What `network_policy: restricted` lets through: public addresses, or what the workspace lists. */
export class Guard {
  readonly #names: readonly string[];
  readonly #networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  readonly #listed: boolean;

  /**
   * @param allow host names (`*.example.com` for all below), addresses and networks (`10.1.0.0/16`); absent means any public host.
   * A listed name must have public addresses, or listed ones.
   */
  constructor(
    allow: readonly string[] | undefined,
    private readonly lookupName: LookupAll,
  ) {
    this.#listed = allow !== undefined;
    const entries = (allow ?? []).map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\[|\]$/g, ""),
    );
    this.#networks = entries.map(networkOf).filter((network) => network !== undefined);
    this.#names = entries.filter((entry) => networkOf(entry) === undefined).map((entry) => entry.replace(/\.$/, ""));
  }

  /** Throws a {@link RefusedAddress} for a host that is itself an address and may not be called, or a name that is not listed. */
  admit(hostname: string): void {
    const host = hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0) this.#check(host, host);
    else if (this.#listed && !this.#named(host) && this.#networks.length === 0) throw this.#unlisted(hostname);
  }

  /** A name lookup that fails when any answer may not be called: the answer that was checked is the one connected to. */
  readonly lookup: Lookup = (hostname, options, answer) => {
    this.lookupName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      try {
        for (const { address } of addresses) this.#check(hostname, address);
      } catch (refused) {
        return answer(refused as RefusedAddress, []);
      }
      if (options.all) return answer(null, addresses);
      const [first] = addresses;
      return first ? answer(null, first.address, first.family) : answer(null, []);
    });
  };

  #check(hostname: string, address: string): void {
    const at = ipaddr.process(address.replace(/%.*$/, ""));
    if (this.#networks.some(([network, bits]) => network.kind() === at.kind() && at.match([network, bits] as never)))
      return;
    if (this.#listed && !this.#named(hostname)) throw this.#unlisted(hostname);
    if (isPrivateAddress(address)) {
      throw new RefusedAddress(`${hostname === address ? "it" : hostname} has the private address ${address}`);
    }
  }

  #named(hostname: string): boolean {
    const host = hostname.toLowerCase().replace(/\.$/, "");
    return this.#names.some((name) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name));
  }

  #unlisted(hostname: string): RefusedAddress {
    return new RefusedAddress(`${hostname} is not in the workspace's list of allowed hosts`);
  }
}

function networkOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const [address = "", bits] = entry.split("/", 2);
  if (isIP(address) === 0) return undefined;
  const parsed = ipaddr.process(address);
  const most = parsed.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  return Number.isInteger(length) && length >= 0 && length <= most ? [parsed, length] : undefined;
}

/** The operating system's own lookup. */
export const systemLookup: LookupAll = (hostname, options, answer) => lookupName(hostname, options, answer);
