import { withoutEnd } from "../../base/ends";
import type { Trigger } from "./trigger";

/** What a trigger waits for, in a few words: `0 6 * * * Africa/Nairobi`, `POST /hooks/orders`, `order.*`, `inbox/*.csv`. */
export function summaryOf(trigger: Trigger): string {
  switch (trigger.type) {
    case "manual":
      return "by hand";
    case "schedule":
      return trigger.timezone === undefined ? trigger.cron : `${trigger.cron} ${trigger.timezone}`;
    case "webhook":
      return `${trigger.method} ${trigger.path}`;
    case "apg_event":
      return trigger.pattern;
    case "file":
      return `${withoutEnd(trigger.path, "/")}/${trigger.pattern}`;
  }
}
