import type { Descriptor } from "./descriptor";
import { anything, text } from "./keys";

export const emitEvent: Descriptor = {
  type: "emit_event",
  title: "Emit event",
  category: "apg",
  description: "Posts an event: it starts workflows that listen for it and wakes executions that wait for it.",
  icon: "radio-tower",
  config_schema: {
    type: "object",
    properties: {
      event: text("Event", "The event's type, e.g. `order.paid`. `execution.` is kept for ends of executions."),
      payload: anything(
        "Payload",
        "What the event says; listeners see its fields under `event`. Without it, the input.",
      ),
    },
    required: ["event"],
  },
  output_schema: {
    type: "object",
    properties: {
      event_id: { type: "string", description: "The event's id." },
      started: { type: "integer", description: "How many executions it started." },
      woken: { type: "integer", description: "How many waiting components it woke." },
    },
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { event: "" },
  pure: false,
  nature: "local",
  help: "Attempted again after a crash it is still one event. Sensitive values are refused: whoever listens would see them. Events that events start, twenty in a row, start nothing more.",
  examples: [
    {
      title: "Tell that an order is paid",
      yaml: 'components:\n  - id: tell\n    type: emit_event\n    config:\n      event: order.paid\n      payload: {order_id: "{{ input_data.order_id }}"}\n',
    },
  ],
  summary: "{event}",
};
