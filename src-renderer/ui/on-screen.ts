import { onDestroy } from "svelte";

/**
 * Tells a component's slow work whether its component is still there: what an answer would close, choose or focus may
 * belong to somebody else by then. Called while the component is made.
 */
export function onScreen(): () => boolean {
  let isThere = true;
  onDestroy(() => (isThere = false));
  return () => isThere;
}
