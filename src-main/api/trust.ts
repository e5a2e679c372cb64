import { refuse, valueOf } from "./fault";
import { os } from "./implementer";
import { jsonOf } from "./inputs";
import type { Rooms } from "./rooms";
import { ticks } from "./ticks";
import { trustSentence } from "./trust-sentences";
import { needOpen } from "./vault";
import type { JsonObject } from "@shared/base/json";

/** No `.env` that a person keeps is longer. */
const LONGEST_ENV = 1024 * 1024;

/** Secrets: written, listed, never read. */
export function secretsApi(rooms: Rooms) {
  const { trust, trustChanged } = rooms;
  const api = os.secrets;
  return {
    list: api.list.handler(() => trust.secrets()),
    set: api.set.handler(({ input }) => {
      needOpen(rooms);
      trust.setSecret(input.name, input.value);
      return null;
    }),
    delete: api.delete.handler(({ input }) => valueOf(trust.deleteSecret(input.name), trustSentence)),
    restore: api.restore.handler(({ input }) => valueOf(trust.restoreSecret(input.name), trustSentence)),
    import: api.import.handler(({ input }) => {
      needOpen(rooms);
      if (input.text.length > LONGEST_ENV)
        refuse({
          code: "INVALID",
          what: `A .env file of ${input.text.length} characters was not read; at most ${LONGEST_ENV} are.`,
          todo: "Choose the file of NAME=value lines.",
        });
      return trust.importSecrets(input.text);
    }),
    changes: api.changes.handler(({ signal }) => ticks(trustChanged, signal)),
  };
}

/** Named connections. */
export function connectionsApi(rooms: Rooms) {
  const { trust, testConnection } = rooms;
  const api = os.connections;
  return {
    list: api.list.handler(() => trust.connections()),
    set: api.set.handler(({ input: { before, ...connection } }) => {
      const settings = jsonOf(connection.settings) as { readonly [environment: string]: JsonObject };
      return valueOf(trust.setConnection({ ...connection, settings }, before), trustSentence);
    }),
    delete: api.delete.handler(({ input }) => valueOf(trust.deleteConnection(input.name), trustSentence)),
    restore: api.restore.handler(({ input }) => valueOf(trust.restoreConnection(input.name), trustSentence)),
    test: api.test.handler(async ({ input, signal }) => {
      needOpen(rooms);
      const tested = await testConnection(input.name, input.environment, signal);
      // What keeps a connection from being tried is what the person asked to hear.
      if (!tested.ok && tested.problem.kind === "unfilled")
        return { ok: false, message: tested.problem.error.message, ms: 0 };
      return tested.ok ? tested.value : refuse(trustSentence(tested.problem));
    }),
  };
}

/** Environments. */
export function environmentsApi({ trust }: Rooms) {
  const api = os.environments;
  return {
    list: api.list.handler(() => trust.environments()),
    set: api.set.handler(({ input }) => {
      trust.setEnvironment(input.name, input.env);
      return null;
    }),
    delete: api.delete.handler(({ input }) => valueOf(trust.deleteEnvironment(input.name), trustSentence)),
    activate: api.activate.handler(({ input }) => valueOf(trust.activateEnvironment(input.name), trustSentence)),
  };
}
