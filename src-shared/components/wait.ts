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
      duration: either("Duration", "Seconds, or text such as `90s`, `15m`, `2h` or `PT5M`; stands still while held.", [
        { type: "number", minimum: 0 },
        { type: "string" },
      ]),
      until: text("Until", "A moment, e.g. `2026-03-01T06:00:00Z`; without an offset it is UTC."),
      event: text("Event", "The pattern of the event that ends the waiting, e.g. `order.paid` or `order.*`."),
      filter: either(
        "Filter",
        "Which of those events: CEL over `event`, e.g. `event.amount > 100`, or an object whose parts the event must have.",
        [{ type: "string" }, { type: "object" }],
        { "x-template": false },
      ),
      timeout: either("Timeout", "How long to wait at most, as a duration; afterwards it fails with `timeout`.", [
        { type: "number", minimum: 0 },
        { type: "string" },
      ]),
    },
  },
  output_schema: { description: "The event, or null when time ended the waiting." },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { duration: 60 },
  pure: false,
  nature: "local",
  help: "One of duration, until and event. A waiting execution takes no memory and survives a restart.",
  examples: [
    {
      title: "A quarter of an hour",
      yaml: "components:\n  - id: pause\n    type: wait\n    config: {duration: 15m}\n",
    },
    {
      title: "The payment of this order, for a day at most",
      yaml: "components:\n  - id: paid\n    type: wait\n    config:\n      event: order.paid\n      filter: event.order_id == input_data.order_id\n      timeout: 1d\n",
    },
  ],
  summary: "{duration} {until} {event}",
};
