import { createORPCClient, isDefinedError, ORPCError, type ClientLink } from "@orpc/client";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import { fail, ok, type Result } from "@shared/base/result";
import type { Client } from "@shared/contract/contract";

/** How the window stands with its host. `locked`: the address lacks its token. */
export type Link = "connecting" | "open" | "lost" | "locked";

/**
 * Why a call was refused, in words to show. `code` is `LOST` when the host did not answer, `DECLINED` when the person at the
 * screen was asked for the passphrase it needs and gave none: they know, and nobody tells them.
 */
export interface Fault {
  readonly code: "NOT_FOUND" | "INVALID" | "CONFLICT" | "REFUSED" | "LOCKED" | "DECLINED" | "DISK" | "LOST" | "BROKEN";
  readonly what: string;
  readonly where?: string;
  readonly todo?: string;
}

/** The web host is only ever reached on loopback; every other address is the desktop's own scheme. */
export const hostKind: "desktop" | "web" = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname)
  ? "web"
  : "desktop";

type AnyLink = ClientLink<Record<never, never>>;
const TOKEN = "apg-token";
const listeners = new Set<(link: Link) => void>();
let state: Link = "connecting";
let current: AnyLink | undefined;
let waiters: ((link: AnyLink) => void)[] = [];
let tries = 0;

function become(to: Link): void {
  if (state === to) return;
  state = to;
  for (const listener of listeners) listener(to);
}

/** Calls `listener` at once and at every change of the link; the result ends that. */
export function onLink(listener: (link: Link) => void): () => void {
  listeners.add(listener);
  listener(state);
  return () => listeners.delete(listener);
}

/** Takes the token out of the address, so that it shows in no screenshot, bookmark or history. */
function takeToken(): string | null {
  const url = new URL(location.href);
  const fresh = url.searchParams.get("token");
  if (fresh) {
    sessionStorage.setItem(TOKEN, fresh);
    url.searchParams.delete("token");
    history.replaceState(history.state, "", url);
  }
  return fresh ?? sessionStorage.getItem(TOKEN);
}

function use(link: AnyLink): void {
  current = link;
  tries = 0;
  for (const wake of waiters) wake(link);
  waiters = [];
  become("open");
}

function connectPort(): void {
  const { port1, port2 } = new MessageChannel();
  const link = new PortLink({ port: port1 });
  port1.start();
  window.postMessage("apg-port", "*", [port2]);
  use(link);
}

function connectSocket(token: string): void {
  const socket = new WebSocket(`ws://${location.host}/rpc?token=${encodeURIComponent(token)}`);
  const link = new SocketLink({ websocket: socket });
  socket.addEventListener("open", () => use(link), { once: true });
  socket.addEventListener(
    "close",
    () => {
      current = undefined;
      tries++;
      become("lost");
      setTimeout(() => connectSocket(token), Math.min(5000, 250 * 2 ** tries));
    },
    { once: true },
  );
}

function connect(): void {
  if (hostKind === "desktop") return connectPort();
  const token = takeToken();
  if (token) connectSocket(token);
  else become("locked");
}

let unlock: (() => Promise<boolean>) | undefined;

/** Has `ask` open the vault when a call needs it: it says whether that was done, and the call is made again. The result ends that. */
export function whenLocked(ask: () => Promise<boolean>): () => void {
  unlock = ask;
  return () => {
    if (unlock === ask) unlock = undefined;
  };
}

/** What a call came to that needs an open vault, when nobody opened it. */
class Declined extends Error {
  constructor(readonly refusal: unknown) {
    super("the vault was left locked");
  }
}

/** Calls wait for the first connection, but not for a lost one: they fail so that screens can say so. */
const link: AnyLink = {
  async call(path, input, options) {
    const open =
      current ?? (state === "connecting" ? await new Promise<AnyLink>((wake) => waiters.push(wake)) : undefined);
    if (!open) throw new Error("not connected");
    try {
      return await open.call(path, input, options);
    } catch (error) {
      const isLocked = error instanceof ORPCError && error.code === "LOCKED";
      if (!isLocked || unlock === undefined) throw error;
      if (!(await unlock())) throw new Declined(error);
      return open.call(path, input, options);
    }
  },
};

/** The host, as the contract describes it. Use {@link ask} around calls whose failure is shown. */
export const client: Client = createORPCClient(link);

function faultOf(error: unknown): Fault {
  if (error instanceof Declined) return { ...faultOf(error.refusal), code: "DECLINED" };
  if (isDefinedError(error as Error)) {
    const { code, data } = error as unknown as { code: Fault["code"]; data: Omit<Fault, "code"> };
    return { code, what: data.what, where: data.where, todo: data.todo };
  }
  if (state !== "open")
    return { code: "LOST", what: "The studio's host does not answer.", todo: "Work goes on when it is back." };
  return { code: "BROKEN", what: error instanceof Error ? error.message : String(error) };
}

/** Awaits a call and gives its value or the fault to show. */
export async function ask<T>(call: Promise<T>): Promise<Result<T, Fault>> {
  try {
    return ok(await call);
  } catch (error) {
    return fail(faultOf(error));
  }
}

/**
 * Follows a stream over lost connections: opened again each time the link is, until stopped.
 *
 * `onend` is told when the host ends the stream by itself, or refuses it.
 */
export function follow<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onitem: (item: T) => void,
  onend?: (fault?: Fault) => void,
): () => void {
  let run: AbortController | undefined;
  let stopped = false;
  const start = async (): Promise<void> => {
    const own = new AbortController();
    run = own;
    const result = await ask(
      (async () => {
        for await (const item of await open(own.signal)) if (!own.signal.aborted) onitem(item);
      })(),
    );
    if (own.signal.aborted || stopped) return;
    if (result.ok) onend?.();
    else if (result.problem.code !== "LOST" && state === "open") onend?.(result.problem);
  };
  const unlisten = onLink((now) => {
    run?.abort();
    if (now === "open" && !stopped) void start();
  });
  return () => {
    stopped = true;
    unlisten();
    run?.abort();
  };
}

connect();
