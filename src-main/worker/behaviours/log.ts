import type { LogLine } from "@shared/execution/event";
import { completed, failed, invalid, type Behaviour } from "../behaviour";

const LEVELS: ReadonlySet<unknown> = new Set(["debug", "info", "warning", "error"]);

/** Writes one line. */
export const log: Behaviour = ({ config, input }) => {
  const level = config["level"] ?? "info";
  if (!LEVELS.has(level)) {
    return failed(
      invalid(`The level ${JSON.stringify(level)} is none of debug, info, warning, error.`, "config.level"),
    );
  }
  const said = config["message"] === undefined ? input : config["message"];
  const message = typeof said === "string" ? said : JSON.stringify(said);
  return completed(null, { logs: [{ level: level as LogLine["level"], message }], facts: shorten(message) });
};

function shorten(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
