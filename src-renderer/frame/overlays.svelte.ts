/** Which of the frame's own overlays are open. */
export class Overlays {
  palette = $state(false);
  keys = $state(false);
}

/** The window's overlays. */
export const overlays = new Overlays();
