import { BrowserWindow } from "electron";

/** The open windows, and what each is to be told. */
export class Windows {
  private readonly listeners = new Map<BrowserWindow, (command: string) => void>();
  private readonly waiting = new Map<BrowserWindow, string[]>();

  add(window: BrowserWindow): void {
    window.on("closed", () => {
      this.listeners.delete(window);
      this.waiting.delete(window);
    });
  }

  /** A page asks for its window's commands; those sent before it was ready come first. */
  listen(window: BrowserWindow, listener: (command: string) => void): () => void {
    this.listeners.set(window, listener);
    for (const command of this.waiting.get(window) ?? []) listener(command);
    this.waiting.delete(window);
    return () => {
      if (this.listeners.get(window) === listener) this.listeners.delete(window);
    };
  }

  /** Sends a command to the window in front. */
  send(command: string): void {
    const window = this.front();
    if (window === undefined) return;
    const listener = this.listeners.get(window);
    if (listener !== undefined) listener(command);
    else this.waiting.set(window, [...(this.waiting.get(window) ?? []), command]);
  }

  /** Brings the window to the front. */
  focus(): void {
    const window = this.front();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  }

  private front(): BrowserWindow | undefined {
    return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  }
}
