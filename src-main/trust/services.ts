import type { Json } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { descriptorOf } from "@shared/components/catalogue";
import { CONNECTION_KINDS, type ConnectionKind } from "@shared/components/connection-kinds";
import type { Connection, TaskServices } from "@shared/execution/effect";
import type { ComponentError } from "@shared/execution/error";
import { nearest } from "@shared/expression/nearest";
import { listedResources } from "@shared/workflow/resource-access";
import type { Given, ServicesPort, Wanted } from "../engine/ports";
import { fill } from "./fill";
import { missingSecret } from "./missing";
import { connectionNamed, forbidden } from "./permitted";
import type { KeptConnection, TrustSources } from "./sources";

const DATABASES: ReadonlySet<ConnectionKind> = new Set(["sqlite", "postgresql", "mysql"]);
/** Channels of `notify` that need no connection, and those that a connection of one kind answers. */
const CHANNEL_KINDS: { readonly [channel: string]: ConnectionKind } = {
  email: "smtp",
  slack: "slack",
  webhook: "webhook",
};

/** Looks connections and secrets up in the workspace. */
export function servicesOf(sources: TrustSources): ServicesPort {
  return {
    provide: (wanted) => new Provision(sources, wanted).all(),
    refusal(name, permissions) {
      const not = forbidden("secrets", name, `the secret ${name}`, permissions);
      if (not !== undefined) return not;
      const found = sources.secrets.open(name);
      return typeof found === "object" ? undefined : missingSecret(name, found, sources.secrets.names());
    },
  };
}

/** Thrown inside a {@link Provision} to leave it; caught in its `all`. */
class Missing extends Error {
  override readonly name = "Missing";
  constructor(readonly problem: ComponentError) {
    super(problem.message);
  }
}

/** What one attempt gets. */
class Provision {
  private readonly sensitive = new Set<string>();

  constructor(
    private readonly sources: TrustSources,
    private readonly wanted: Wanted,
  ) {}

  all(): Result<Given, ComponentError> {
    try {
      const services = this.services();
      const sensitive = [...this.sensitive];
      return ok(Object.keys(services).length === 0 ? { sensitive } : { services, sensitive });
    } catch (error) {
      if (error instanceof Missing) return fail(error.problem);
      throw error;
    }
  }

  private services(): TaskServices {
    const { type, config } = this.wanted;
    if (descriptorOf(type)?.nature !== "remote") return this.parts();
    const network = this.sources.network();
    const shared = network === undefined ? {} : { network };
    if (type === "notify") return { ...shared, channels: this.channels(config("channels")) };
    if (isCapability(type)) return { ...shared, capability: this.capability(type) };
    const kinds = CONNECTION_KINDS.filter(({ usedBy }) => usedBy.includes(type)).map(({ kind }) => kind);
    const named = config("connection");
    const own = type === "http_request" ? { ...shared, ...this.apis() } : shared;
    if (typeof named === "string" && named !== "") return { ...own, connection: this.named(named, kinds) };
    if (type === "http_request") return own;
    return { ...shared, ...this.parts(), ...(kinds.length === 0 ? {} : { connection: this.only(kinds) }) };
  }

  /** Connections that `source` and `destination` name. */
  private parts(): TaskServices {
    const names = ["source", "destination"].flatMap((key) => connectionNamed(this.wanted.config(key)) ?? []);
    if (names.length === 0) return {};
    return { connections: Object.fromEntries(names.map((name) => [name, this.named(name, [...DATABASES])])) };
  }

  private channels(said: Json | undefined): { readonly [name: string]: Connection } {
    const list = Array.isArray(said) ? (said as readonly Json[]) : [said];
    const names = list.filter((one) => typeof one === "string");
    const found: [string, Connection][] = [];
    for (const name of names) {
      const kept = this.sources.connections.get(name);
      const kind = CHANNEL_KINDS[name];
      if (kept !== undefined) found.push([name, this.use(kept)]);
      else if (kind !== undefined) found.push([name, this.only([kind])]);
      else if (name !== "desktop") throw new Missing(this.unknown(name, ["smtp", "slack", "webhook"]));
    }
    return Object.fromEntries(found);
  }

  private capability(type: string): Connection {
    const named = this.wanted.config("connection");
    if (typeof named === "string" && named !== "") return this.named(named, ["http"]);
    const serving = this.sources.connections.list().filter(({ serves }) => serves.includes(type));
    const [kept] = serving;
    if (kept === undefined)
      throw new Missing({
        type: "not_found",
        message: `No connection of this workspace serves ${type}. Add one of kind http under Connections and name ${type} among what it serves.`,
        place: "config.connection",
      });
    return this.use(kept, type);
  }

  private named(name: string, kinds: readonly ConnectionKind[]): Connection {
    const kept = this.sources.connections.get(name);
    if (kept === undefined) throw new Missing(this.unknown(name, kinds));
    if (!kinds.includes(kept.kind))
      throw new Missing({
        type: "validation_error",
        message: `The connection ${name} is of kind ${kept.kind}; ${this.wanted.type} takes ${oneOf(kinds)}.`,
        place: "config.connection",
      });
    return this.use(kept);
  }

  /** The workspace's only connection of these kinds, for a component that names none. */
  private only(kinds: readonly ConnectionKind[]): Connection {
    const all = this.sources.connections.list().filter(({ kind }) => kinds.includes(kind));
    const [kept] = all;
    if (kept !== undefined && all.length === 1) return this.use(kept);
    const message =
      kept === undefined
        ? `This workspace has no connection of kind ${oneOf(kinds)}. Add one under Connections.`
        : `Several connections fit: ${all.map(({ name }) => name).join(", ")}. Name one of them as connection.`;
    throw new Missing({
      type: kept === undefined ? "not_found" : "validation_error",
      message,
      place: "config.connection",
    });
  }

  private use(kept: KeptConnection, alias = kept.name): Connection {
    const { environment, env, permissions } = this.wanted;
    const sort = DATABASES.has(kept.kind) ? "databases" : "apis";
    const not = forbidden(sort, kept.name, `the connection ${kept.name}`, permissions);
    if (not !== undefined && forbidden(sort, alias, alias, permissions) !== undefined) throw new Missing(not);
    const full = fill(kept, environment, env, this.sources.secrets);
    if (!full.ok) throw new Missing(full.problem);
    for (const text of full.value.sensitive) this.sensitive.add(text);
    return full.value.connection;
  }

  /** A plain address is an API too: with `apis` listed, its host has to be among them, and so the hosts it leads to. */
  private apis(): { readonly apis?: readonly string[] } {
    const apis = listedResources(this.wanted.permissions, "apis");
    return apis === undefined ? {} : { apis };
  }

  private unknown(name: string, kinds: readonly ConnectionKind[]): ComponentError {
    const names = this.sources.connections.list().map((one) => one.name);
    const near = nearest(name, names);
    const meant = near === undefined ? "" : ` Did you mean ${near}?`;
    return {
      type: "not_found",
      message: `There is no connection ${name}.${meant} Add it under Connections, of kind ${oneOf(kinds)}.`,
      place: "config.connection",
    };
  }
}

function isCapability(type: string): boolean {
  return type.startsWith("apg_") || type.startsWith("payment_");
}

function oneOf(kinds: readonly string[]): string {
  return kinds.length < 2 ? (kinds[0] ?? "") : `${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}`;
}
