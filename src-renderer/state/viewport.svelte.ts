import { MediaQuery } from "svelte/reactivity";

/** Below 1200 px side panes are drawers. */
export const narrow = new MediaQuery("max-width: 1199px");
