import { BlockList, isIP } from "node:net";
import { lookup as lookupName, type LookupAddress, type LookupOptions } from "node:dns";

/** Where a request goes: the address that is called, and the host it was meant for. */
export interface Target {
  readonly url: URL;
  /** Sent as `Host` where the workspace redirects the host. */
  readonly host?: string;
  /** Whether the workspace named this place itself: a restriction to public addresses does not apply. */
  readonly redirected: boolean;
}

/** Applies the workspace's `hosts` to an address. */
export function targetOf(url: URL, hosts: { readonly [host: string]: string }): Target {
  const base = hosts[url.host] ?? hosts[url.hostname];
  if (base === undefined) {
    // A server behind a redirected host may name itself in links.
    const known = Object.values(hosts).some((one) => URL.canParse(one) && new URL(one).host === url.host);
    return { url, redirected: known };
  }
  const to = new URL(base);
  const moved = new URL(to.href);
  moved.pathname = to.pathname.replace(/\/$/, "") + url.pathname;
  moved.search = url.search;
  return { url: moved, host: url.host, redirected: true };
}

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 128],
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
  ["64:ff9b::", 96],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv6");
}

/** Whether an IP address belongs to this machine or a private network; IPv4 inside IPv6 counts as IPv4. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return privateAddresses.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** How a refused address is told from other failures to connect. */
export const REFUSED_ADDRESS = "APG_REFUSED_ADDRESS";

/** The error a connection to a private address ends with under a restricted network policy. */
export class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
  readonly code = REFUSED_ADDRESS;
}

type LookupAnswer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A name lookup that fails when any answer is private: the answer that was checked is the one connected to. */
export function publicLookup(hostname: string, options: LookupOptions, answer: LookupAnswer): void {
  lookupName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, []);
    const refused = addresses.find(({ address }) => isPrivateAddress(address));
    if (refused) return answer(new RefusedAddress(`${hostname} is ${refused.address}, a private address`), []);
    if (options.all) return answer(null, addresses);
    const [first] = addresses;
    return first ? answer(null, first.address, first.family) : answer(null, []);
  });
}
