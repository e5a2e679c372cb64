import { SHORTEST_SOUGHT } from "@shared/contract/privacy";
import { refuse } from "./fault";
import { os } from "./implementer";
import type { Rooms } from "./rooms";
import { needOpen } from "./vault";

/** What executions keep of a person, removed for good. */
export function privacyApi(rooms: Pick<Rooms, "erase" | "vault">) {
  const api = os.privacy;
  return {
    erase: api.erase.handler(({ input: { field, value, workflowId, isTrial } }) => {
      needOpen(rooms);
      const sought = value.trim();
      if (sought === "" || (field === undefined && sought.length < SHORTEST_SOUGHT))
        refuse({
          code: "INVALID",
          what: `A value of fewer than ${SHORTEST_SOUGHT} characters stands in many places by chance.`,
          where: "value",
          todo: "Give more of it, or name the field that holds it.",
        });
      return rooms.erase({
        ...(field === undefined ? {} : { field }),
        value: sought,
        ...(workflowId === undefined ? {} : { workflowId }),
        isTrial,
      });
    }),
  };
}
