/** The place of `path` in a scripted order (paths or ids); -1 for what the order leaves out, which comes before all of it. */
export function orderedRank(order: readonly string[], path: string): number {
  return order.findIndex((one) => one === path || path.endsWith(`/${one}`));
}
