import tls from "node:tls";
import { Agent, buildConnector, ProxyAgent } from "undici";
import type { NetworkSettings } from "@shared/execution/effect";
import type { Sender } from "./exchange";
import { Guard, systemLookup, type Lookup, type LookupAll } from "./guard";
import { Multiplexed } from "./multiplexed";
import { Plain } from "./plain";

/** A way out of the machine. */
export interface Way {
  readonly network: NetworkSettings;
  /** Only public or listed hosts may be reached. */
  readonly guarded: boolean;
}

interface Open {
  readonly sender: Sender & Pick<Multiplexed, "close" | "destroy">;
  readonly guard: Guard | undefined;
}

/** Ways kept open; a workspace has a few. */
const KEPT = 16;
/** The attempt's own time limit covers all phases. */
const NO_LIMITS = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** Connections are kept open between the calls of this thread, apart for each way out. */
export class Dispatchers {
  readonly #open = new Map<string, Open>();

  constructor(private readonly lookup: LookupAll = systemLookup) {}

  /** The way for a call to `url`; throws a `RefusedAddress` where the way's guard does not let it out. */
  async of(url: URL, way: Way): Promise<Sender> {
    const { network } = way;
    const proxy = network.proxy !== undefined && !isExempt(url, network.noProxy ?? []) ? network.proxy : undefined;
    const isUsual = !way.guarded && network.ca === undefined && proxy === undefined;
    const key = isUsual ? "" : JSON.stringify([way.guarded, way.guarded ? network.allow : null, network.ca, proxy]);
    let open = this.#open.get(key);
    if (open === undefined) {
      open = this.#make(way, proxy);
      if (this.#open.size >= KEPT) this.#drop();
      this.#open.set(key, open);
    }
    open.guard?.admit(url.hostname);
    // Behind a proxy this machine does not connect, so the name is looked up for the check alone.
    if (proxy !== undefined && open.guard) await admitted(open.guard, url.hostname.replace(/^\[|\]$/g, ""));
    return open.sender;
  }

  #make({ network, guarded }: Way, proxy: string | undefined): Open {
    const guard = guarded ? new Guard(network.allow, this.lookup) : undefined;
    const ca =
      network.ca === undefined || network.ca.length === 0 ? {} : { ca: [...systemAuthorities(), ...network.ca] };
    if (proxy !== undefined) {
      const dispatcher = new ProxyAgent({
        uri: proxy,
        proxyTunnel: false,
        requestTls: { timeout: 0, ...ca },
        proxyTls: { timeout: 0, ...ca },
        ...NO_LIMITS,
      });
      return { sender: new Plain(dispatcher), guard };
    }
    const lookup = guard?.lookup ?? this.lookup;
    // Node asks for all addresses, as both kinds of lookup take it.
    const connect = { timeout: 0, ...ca, ...(lookup === systemLookup ? {} : { lookup: lookup as Lookup }) };
    const sender = new Multiplexed(
      buildConnector({ ...connect, allowH2: true }),
      (over) => new Agent({ ...NO_LIMITS, allowH2: true, connect: over }),
    );
    return { sender, guard };
  }

  /** The way that was opened first; calls under way on it end by themselves. */
  #drop(): void {
    const [key, oldest] = this.#open.entries().next().value!;
    this.#open.delete(key);
    void oldest.sender.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ sender }) => sender.destroy()));
    this.#open.clear();
  }
}

function admitted(guard: Guard, hostname: string): Promise<void> {
  return new Promise((resolve, reject) =>
    guard.lookup(hostname, { all: true }, (error) => (error ? reject(error) : resolve())),
  );
}

/** The certificates this machine trusts, as PEM. */
export function systemAuthorities(): readonly string[] {
  // Node before 22.15 knows its own list alone.
  return typeof tls.getCACertificates === "function" ? tls.getCACertificates("default") : tls.rootCertificates;
}

/** Whether `url` is reached without the proxy: its host, or a domain above it (`.example.com`, `*.example.com`), or all (`*`). */
function isExempt(url: URL, noProxy: readonly string[]): boolean {
  const host = url.hostname.toLowerCase();
  return noProxy.some((written) => {
    const entry = written.trim().toLowerCase();
    if (entry === "*") return true;
    if (entry === host || entry === url.host) return true;
    const domain = entry.replace(/^\*?\./, "");
    return domain !== "" && domain !== entry && (host === domain || host.endsWith(`.${domain}`));
  });
}
