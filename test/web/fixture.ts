import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { Client } from "@shared/contract/contract";
import { openApi } from "../../src-main/api/router";
import { openHost, type Host, type HostOptions } from "../../src-main/compose/host";
import { startWebServer, type WebServer } from "../../src-main/web/server";

/** A web host within this process, over a workspace and a page of its own. */
export interface Served {
  readonly folder: string;
  readonly host: Host;
  readonly server: WebServer;
  /** Defects the host reported. */
  readonly reported: unknown[];
  connect(): Promise<{ readonly client: Client; readonly socket: WebSocket }>;
  close(): Promise<void>;
}

export async function serve(
  options: Pick<HostOptions, "mayBeLocked" | "keeper"> = {},
  folder = mkdtempSync(join(tmpdir(), "apg-web-")),
  /** Whether the folder goes with it. */
  isLast = true,
): Promise<Served> {
  process.env["XDG_DATA_HOME"] = join(folder, "user");
  const renderer = join(folder, "renderer");
  mkdirSync(join(renderer, "assets"), { recursive: true });
  writeFileSync(join(renderer, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(renderer, "assets", "index-abc.js"), "export {};");
  writeFileSync(join(folder, "secret.json"), "{}");
  const opened = openHost({ kind: "web", workspace: join(folder, "workspace"), ...options });
  if (!opened.ok) throw new Error("the workspace did not open");
  const host = opened.value;
  const reported: unknown[] = [];
  const api = openApi(host.rooms, (error) => reported.push(error));
  const server = await startWebServer({ renderer, port: 0, connect: (socket) => api.socket(socket, {}) });
  return {
    folder,
    host,
    server,
    reported,
    connect: async () => {
      const socket = new WebSocket(server.address.replace("http:", "ws:").replace("/?", "/rpc?"));
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error("refused"));
      });
      return { client: createORPCClient(new RPCLink({ websocket: socket })), socket };
    },
    close: async () => {
      await server.close();
      await host.close();
      if (isLast) rmSync(folder, { recursive: true, force: true });
    },
  };
}
