import { untrack } from "svelte";
import { decoded } from "@shared/base/decoded";
import type { HostInfo } from "@shared/contract/host";
import { ask, client, onLink, type Link } from "../bridge";
import { debuggerText } from "../text/debugger";

/** What the window shows. */
export type Route =
  | { readonly screen: "library" }
  | { readonly screen: "editor"; readonly workflowId: string }
  | { readonly screen: "executions" }
  | { readonly screen: "execution"; readonly executionId: string }
  | { readonly screen: "bundles" }
  | { readonly screen: "tasks" }
  | { readonly screen: "workspace" }
  | { readonly screen: "settings" };

/** Something open. `key` is the route as the address shows it. */
export interface Tab {
  readonly key: string;
  readonly route: Route;
  readonly title: string;
  readonly unsaved: boolean;
}

/** Asked before a tab closes; false keeps it open. */
export type Closing = () => boolean | Promise<boolean>;

const OPEN = "apg-tabs";
const PLAIN = ["executions", "bundles", "tasks", "workspace", "settings"] as const;

/** A route as the address shows it after `#`. */
export function keyOf(route: Route): string {
  if (route.screen === "editor") return `/workflow/${encodeURIComponent(route.workflowId)}`;
  if (route.screen === "execution") return `/execution/${encodeURIComponent(route.executionId)}`;
  return `/${route.screen}`;
}

/** The route an address names; the library when it names none. */
export function routeOf(hash: string): Route {
  const [, screen, part = ""] = hash.replace(/^#/, "").split("/");
  const id = decoded(part);
  if (screen === "workflow" && id) return { screen: "editor", workflowId: id };
  if (screen === "execution" && id) return { screen: "execution", executionId: id };
  for (const one of PLAIN) if (one === screen) return { screen: one };
  return { screen: "library" };
}

/** What the host calls what a route shows; nothing where it shows no one thing, or one that is gone, which its screen says. */
async function titleFor(route: Route): Promise<string | undefined> {
  if (route.screen === "editor") {
    const rows = await ask(client.workflows.list());
    return rows.ok ? rows.value.find((row) => row.id === route.workflowId)?.name : undefined;
  }
  if (route.screen !== "execution") return undefined;
  const row = await ask(client.executions.get({ id: route.executionId }));
  return row.ok ? debuggerText.title(row.value.number, row.value.workflowName) : undefined;
}

/** Which screen is shown, what is open beside it, and how the host is. */
export class Studio {
  route = $state.raw<Route>(routeOf(location.hash));
  tabs = $state.raw<readonly Tab[]>([]);
  link = $state<Link>("connecting");
  info = $state.raw<HostInfo | undefined>();
  readonly key = $derived(keyOf(this.route));
  /** By key; nobody watches it. */
  readonly #closing: { [key: string]: Closing | undefined } = {};

  /** Follows address and host; call once. */
  start(): () => void {
    this.tabs = this.#stored();
    for (const tab of this.tabs) if (tab.title === "") void this.#askTitle(tab.route);
    this.#show(this.route);
    const hashchange = (): void => {
      const to = routeOf(location.hash);
      if (keyOf(to) !== this.key) this.#show(to);
    };
    window.addEventListener("hashchange", hashchange);
    const unlink = onLink((link) => {
      this.link = link;
      if (link === "open") void this.refreshInfo();
    });
    return () => {
      window.removeEventListener("hashchange", hashchange);
      unlink();
    };
  }

  /** Asks the host again who it is and how busy. */
  async refreshInfo(): Promise<void> {
    const info = await ask(client.host.info());
    if (info.ok) this.info = info.value;
  }

  openLibrary(): void {
    this.open({ screen: "library" });
  }

  openExecutions(): void {
    this.open({ screen: "executions" });
  }

  openSettings(): void {
    this.open({ screen: "settings" });
  }

  openWorkflow(workflowId: string, title?: string): void {
    this.open({ screen: "editor", workflowId }, title);
  }

  openExecution(executionId: string, title?: string): void {
    this.open({ screen: "execution", executionId }, title);
  }

  open(route: Route, title?: string): void {
    if (keyOf(route) === this.key) {
      if (title && route.screen !== "execution") this.rename(route, title);
      return;
    }
    location.hash = keyOf(route);
    this.#show(route, title);
  }

  /**
   * Remembers where somebody is, for what opens once an answer has come. Who went elsewhere meanwhile stays there: the tab
   * opens beside.
   *
   * @param isLeft whether what asked was closed, though the screen is the same.
   */
  fromHere(isLeft: () => boolean = () => false): (route: Route, title?: string) => void {
    const { key } = this;
    return (route, title) => {
      if (key === this.key && !isLeft()) this.open(route, title);
      else this.#tab(route, title);
    };
  }

  #show(route: Route, title?: string): void {
    this.route = route;
    this.#tab(route, title);
  }

  /** Has a tab for `route`. */
  #tab(route: Route, title?: string): void {
    const key = keyOf(route);
    const tabs = untrack(() => this.tabs);
    if (!tabs.some((tab) => tab.key === key)) {
      const tab: Tab = { key, route, title: title ?? "", unsaved: false };
      this.tabs = route.screen === "library" ? [tab, ...tabs] : [...tabs, tab];
      // Who opens an execution may know its workflow's name and not its number.
      if (!title || route.screen === "execution") void this.#askTitle(route, tab.title);
    } else if (title && route.screen !== "execution") this.rename(route, title);
    this.#store();
  }

  /** Asks the host what the tab of an id is called: its screen may be left before it knows. `before`: its name until then. */
  async #askTitle(route: Route, before = ""): Promise<void> {
    const title = await titleFor(route);
    if (title && this.tabs.some((tab) => tab.key === keyOf(route) && tab.title === before)) this.rename(route, title);
  }

  /** Names a tab; the editor calls it when the workflow's name changes. */
  rename(route: Route, title: string): void {
    this.#change(keyOf(route), (tab) => ({ ...tab, title }));
  }

  /** Marks a tab with a dot while it holds what is not saved. */
  setUnsaved(route: Route, unsaved: boolean): void {
    this.#change(keyOf(route), (tab) => ({ ...tab, unsaved }));
  }

  /** Has `ask` called before the tab closes; the result ends that. */
  beforeClose(route: Route, closing: Closing): () => void {
    this.#closing[keyOf(route)] = closing;
    return () => {
      delete this.#closing[keyOf(route)];
    };
  }

  /** Closes a tab and shows its neighbour; the library when none is left. */
  async close(key: string): Promise<void> {
    if ((await this.#closing[key]?.()) === false) return;
    const at = this.tabs.findIndex((tab) => tab.key === key);
    if (at < 0) return;
    this.tabs = this.tabs.toSpliced(at, 1);
    this.#store();
    if (key !== this.key) return;
    const next = this.tabs[at] ?? this.tabs[at - 1];
    this.open(next?.route ?? { screen: "library" });
  }

  /** Forgets the tab of something that is gone, without asking. */
  drop(route: Route): void {
    delete this.#closing[keyOf(route)];
    void this.close(keyOf(route));
  }

  /** Moves to the tab `by` places further, around the ends. */
  step(by: number): void {
    const at = this.tabs.findIndex((tab) => tab.key === this.key);
    const next = this.tabs[(at + by + this.tabs.length) % this.tabs.length];
    if (next) this.open(next.route);
  }

  #change(key: string, change: (tab: Tab) => Tab): void {
    // Untracked: an effect that names its tab must not run again because a tab was named.
    const tabs = untrack(() => this.tabs);
    const now = tabs.find((tab) => tab.key === key);
    if (!now) return;
    const next = change(now);
    if (next.title === now.title && next.unsaved === now.unsaved) return;
    this.tabs = tabs.map((tab) => (tab.key === key ? next : tab));
    this.#store();
  }

  #store(): void {
    const tabs = untrack(() => this.tabs);
    sessionStorage.setItem(OPEN, JSON.stringify(tabs.map((tab) => [tab.key, tab.title])));
  }

  #stored(): Tab[] {
    const text = sessionStorage.getItem(OPEN);
    if (!text) return [];
    const list = JSON.parse(text) as readonly (readonly [string, string])[];
    return list.map(([key, title]) => ({ key, route: routeOf(key), title, unsaved: false }));
  }
}

/** The window's studio. */
export const studio = new Studio();
