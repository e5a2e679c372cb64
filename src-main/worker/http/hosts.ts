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
