import { z } from "zod";

const about = z.object({ what: z.string(), where: z.string().optional(), todo: z.string().optional() });

/**
 * What a call can be refused with. `data.what` says what happened, `where` names the file, line or component,
 * `todo` what to do. Screens show these words; nothing inspects `message`.
 */
export const faults = {
  NOT_FOUND: { status: 404, message: "There is no such thing.", data: about },
  INVALID: { status: 400, message: "The input is not valid.", data: about },
  CONFLICT: { status: 409, message: "That does not fit the present state.", data: about },
  REFUSED: { status: 403, message: "That is not allowed here.", data: about },
  LOCKED: { status: 423, message: "The vault is locked.", data: about },
  DISK: { status: 507, message: "The disk did not take it.", data: about },
} as const;
