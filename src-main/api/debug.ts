import { valueOf } from "./fault";
import { os } from "./implementer";
import { breakpointsOf, jsonOf } from "./inputs";
import { maskedResult } from "./masking";
import type { Rooms } from "./rooms";
import { engineSentence } from "./sentences";

/** The gate of a debugged execution. */
export function debugApi({ engine, masks }: Rooms) {
  const api = os.debug;
  return {
    setBreakpoints: api.setBreakpoints.handler(({ input }) => {
      engine.setBreakpoints(input.workflowId, breakpointsOf(input.breakpoints));
      return null;
    }),
    breakpoints: api.breakpoints.handler(({ input }) => engine.breakpoints(input.workflowId)),
    pause: api.pause.handler(({ input }) => valueOf(engine.pause(input.id), engineSentence)),
    continue: api.continue.handler(({ input }) => valueOf(engine.continue(input.id), engineSentence)),
    stepOver: api.stepOver.handler(({ input }) => valueOf(engine.stepOver(input.id, input.path), engineSentence)),
    edit: api.edit.handler(({ input }) => {
      const change = {
        ...(input.input === undefined ? {} : { input: jsonOf(input.input) }),
        ...(input.config === undefined ? {} : { config: jsonOf(input.config) }),
      };
      return valueOf(engine.edit(input.id, input.path, change), engineSentence);
    }),
    evaluate: api.evaluate.handler(async ({ input }) => {
      const result = await engine.evaluate(input.id, input.expression, input.seq, input.path);
      return maskedResult(result, input.expression, await masks.of(input.id));
    }),
  };
}
