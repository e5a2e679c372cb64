import type { Descriptor } from "./descriptor";
import { either, text } from "./keys";

export const wait: Descriptor = {
  type: "wait",
  title: "Wait",
  category: "flow",
  description: "Waits for a time to pass, a moment to come, or an event.",
  icon: "clock",
  config_schema: {
    type: "object",
    properties: {
      duration: either("Duration", "Seconds, or text such as `15m` or `2h`.", [
        { type: "number", minimum: 0 },
        { type: "string" },
      ]),
      until: text("Until", "A moment, e.g. `2026-03-01T06:00:00Z`."),
      event: text("Event", "The pattern of the event that ends the waiting, e.g. `order.paid`."),
    },
  },
  output_schema: { description: "The event, or null when time ended the waiting." },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { duration: 60 },
  pure: false,
  nature: "local",
  help: "A waiting execution takes no memory and survives a restart.",
  examples: [
    {
      title: "A quarter of an hour",
      yaml: "components:\n  - id: pause\n    type: wait\n    config: {duration: 15m}\n",
    },
  ],
  summary: "{duration} {until} {event}",
  available: false,
};
