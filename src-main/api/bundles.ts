import { refuse, valueOf } from "./fault";
import { os } from "./implementer";
import type { BundleProblem, Rooms } from "./rooms";
import { bundleSentence } from "./sentences";

/** Bundles: what goes to a server. */
export function bundlesApi({ bundles }: Rooms) {
  const api = os.bundles;
  return {
    plan: api.plan.handler(async ({ input }) =>
      valueOf(await bundles.plan(input.workflowId, input.text), bundleSentence),
    ),
    export: api.export.handler(({ input, signal }) =>
      told(bundles.export(input.workflowId, input.file, input.leaveOut, signal)),
    ),
    download: api.download.handler(async ({ input }) => {
      const { name, bytes } = valueOf(await bundles.download(input.workflowId, input.leaveOut), bundleSentence);
      return { name, base64: Buffer.from(bytes).toString("base64") };
    }),
    inspect: api.inspect.handler(async ({ input }) => valueOf(await bundles.inspect(input.file), bundleSentence)),
    import: api.import.handler(async ({ input: { file, name, base64 } }) => {
      if (file !== undefined) return valueOf(await bundles.import({ file }), bundleSentence);
      if (name === undefined || base64 === undefined)
        return refuse({ code: "INVALID", what: "There is nothing to import.", todo: "Choose a file." });
      return valueOf(await bundles.import({ name, bytes: Buffer.from(base64, "base64") }), bundleSentence);
    }),
  };
}

/** Turns the problem that ends an export into a fault of the contract. */
async function* told<T>(items: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  try {
    yield* items;
  } catch (error) {
    const { problem } = error as { readonly problem?: BundleProblem };
    if (problem?.kind !== "bundle") throw error;
    refuse(bundleSentence(problem));
  }
}
