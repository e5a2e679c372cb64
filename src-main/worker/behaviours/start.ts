import type { Behaviour } from "../behaviour";
import { completed } from "../behaviour";

/** Passes the input on; `trigger_type` is told to readers. */
export const start: Behaviour = ({ config, input }) => {
  const by = config["trigger_type"];
  return completed(input, typeof by === "string" ? { facts: by } : {});
};
