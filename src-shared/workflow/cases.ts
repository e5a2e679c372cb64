/** The ids a decision or switch may choose. */
export function casesOf(config: { readonly [key: string]: unknown } | undefined): readonly string[] | undefined {
  const cases = config?.["cases"];
  if (!Array.isArray(cases)) return undefined;
  const ids = cases
    .map((each: { id?: unknown } | null) => each?.id)
    .filter((id): id is string => typeof id === "string");
  return typeof config?.["default"] === "string" ? [...ids, config["default"]] : ids;
}
