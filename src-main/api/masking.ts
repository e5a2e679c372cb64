import type { Json } from "@shared/base/json";
import type { FollowItem, ValuePage } from "@shared/contract/executions";
import { isMaskedAt, type Masker } from "@shared/execution/mask";
import { summaryOf } from "@shared/execution/preview";
import { REDACTED, type Value } from "@shared/execution/value";

/** What a window is told, without what it may not show. */
export async function* masked(
  items: AsyncIterableIterator<FollowItem>,
  masker: Masker,
): AsyncIterableIterator<FollowItem> {
  for await (const item of items)
    yield item.kind === "entries" && masker.fields.size > 0
      ? { ...item, entries: item.entries.map((entry) => masker.entry(entry)) }
      : item;
}

/** A page of what lies at `path` below `value`, without what a window may not show. */
export function maskedPage(
  page: ValuePage,
  value: Value,
  path: readonly (string | number)[],
  masker: Masker,
): ValuePage {
  const { fields } = masker;
  if (fields.size === 0) return page;
  const whole = isMaskedAt(value, path, fields);
  return {
    ...page,
    items: page.items.map((item) => {
      const hidden = whole || (typeof item.key === "string" && fields.has(item.key.toLowerCase()));
      if (hidden && item.json !== null)
        return { key: item.key, summary: REDACTED, json: REDACTED, cut: false, redacted: true };
      const json = masker.json(item.json);
      const isSame = JSON.stringify(json) === JSON.stringify(item.json);
      return { ...item, json, summary: isSame ? masker.text(item.summary) : summaryOf(json) };
    }),
  };
}

/** What an expression gave, without what a window may not show: it may name a field or give an object that has one. */
export function maskedResult<T extends { readonly ok: boolean }>(result: T, expression: string, masker: Masker): T {
  const { fields } = masker;
  if (fields.size === 0 || !("json" in result)) return result;
  const named = (expression.match(/[A-Za-z_]\w*/g) ?? []).some((name) => fields.has(name.toLowerCase()));
  if (named) return { ...result, json: REDACTED, redacted: true };
  return { ...result, json: masker.json(result.json as Json) };
}
