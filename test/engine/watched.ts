import type { Client } from "@shared/contract/contract";
import type { Entry } from "@shared/execution/event";
import type { Value } from "@shared/execution/value";

/** Follows an execution as a window does, and looks at every value there is and at `expressions`: how it ended, and all that was shown. */
export async function watched(
  client: Client,
  id: string,
  expressions: readonly string[],
): Promise<{ readonly status: string; readonly shown: readonly string[] }> {
  let status = "";
  const shown: string[] = [];
  const entries: Entry[] = [];
  for await (const item of await client.executions.follow({ id })) {
    shown.push(JSON.stringify(item));
    if (item.kind === "entries") entries.push(...item.entries);
    if (item.kind === "end") ({ status } = item);
  }
  for (const { event } of entries) {
    for (const key of ["input", "config", "output"] as const) {
      const value = (event as { readonly [key: string]: unknown })[key] as Value | undefined;
      if (value === undefined) continue;
      shown.push(JSON.stringify(await client.executions.value({ executionId: id, value })));
      shown.push(JSON.stringify(await client.executions.raw({ executionId: id, value })));
    }
  }
  for (const expression of expressions)
    shown.push(JSON.stringify(await client.debug.evaluate({ id, expression, path: "" })));
  return { status, shown };
}
