import { ORPCError } from "@orpc/server";
import { RPCHandler as PortHandler } from "@orpc/server/message-port";
import { RPCHandler as SocketHandler } from "@orpc/server/ws";
import { bundlesApi } from "./bundles";
import { breakersApi, cachesApi } from "./resilience";
import { debugApi } from "./debug";
import { executionsApi } from "./executions";
import { hostApi } from "./host";
import { os } from "./implementer";
import type { Connection, Rooms } from "./rooms";
import { connectionsApi, environmentsApi, secretsApi } from "./trust";
import { privacyApi } from "./privacy";
import { rehearsalsApi } from "./rehearsals";
import { tasksApi } from "./tasks";
import { triggersApi } from "./triggers";
import { vaultApi } from "./vault";
import { workflowsApi } from "./workflows";

type Socket = Parameters<SocketHandler<Connection>["upgrade"]>[0];
type Port = Parameters<PortHandler<Connection>["upgrade"]>[0];

/** Answers the contract from `rooms`, over whatever connections composition brings. */
export function openApi(
  rooms: Rooms,
  report: (error: unknown) => void,
): {
  readonly socket: (socket: Socket, window: Connection) => void;
  readonly port: (port: Port, window: Connection) => void;
} {
  const router = os.router({
    workflows: workflowsApi(rooms),
    executions: executionsApi(rooms),
    rehearsals: rehearsalsApi(rooms),
    debug: debugApi(rooms),
    bundles: bundlesApi(rooms),
    breakers: breakersApi(rooms),
    caches: cachesApi(rooms),
    host: hostApi(rooms),
    secrets: secretsApi(rooms),
    vault: vaultApi(rooms),
    connections: connectionsApi(rooms),
    environments: environmentsApi(rooms),
    tasks: tasksApi(rooms),
    triggers: triggersApi(rooms),
    privacy: privacyApi(rooms),
  });
  const defect = (error: unknown): void => {
    // A fault of the contract is an answer; anything else is a defect of the host and must be seen there.
    if (!(error instanceof ORPCError) || error.code === "INTERNAL_SERVER_ERROR") report(error);
  };
  const watch = async ({ next }: { next: () => Promise<unknown> }): Promise<unknown> => {
    try {
      const answer = await next();
      return isStream(answer) ? watched(answer, defect) : answer;
    } catch (error) {
      defect(error);
      throw error;
    }
  };
  const sockets = new SocketHandler<Connection>(router, { clientInterceptors: [watch] });
  const ports = new PortHandler<Connection>(router, { clientInterceptors: [watch] });
  return {
    socket: (socket, window) => void sockets.upgrade(socket, { context: window }),
    port: (port, window) => ports.upgrade(port, { context: window }),
  };
}

function isStream(answer: unknown): answer is AsyncIterableIterator<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** What goes wrong in the middle of a stream is a defect too. */
async function* watched(
  items: AsyncIterableIterator<unknown>,
  defect: (error: unknown) => void,
): AsyncIterableIterator<unknown> {
  try {
    yield* items;
  } catch (error) {
    defect(error);
    throw error;
  }
}
