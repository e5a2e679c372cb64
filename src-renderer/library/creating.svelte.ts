/** Which of the library's dialogs is open; the frame shows them, as commands open them from every screen. */
export class Creating {
  now = $state<"workflow" | "in-place" | undefined>();
}

/** The window's dialogs for what comes into the library. */
export const creating = new Creating();
