import type { Page } from "playwright-core";

/** The window's line to its web host, on which calls can be kept from arriving: a host as slow as a story needs it. */
export class SlowHost {
  #held: RegExp | undefined;
  readonly #waiting: (() => void)[] = [];
  #close: () => void = () => undefined;
  /** The paths of the calls that were made, `/workflows/create`. */
  readonly calls: string[] = [];

  /** Puts itself between `page` and its host; the page is loaded anew. */
  static async on(page: Page): Promise<SlowHost> {
    const slow = new SlowHost();
    await page.routeWebSocket(/\/rpc/, (line) => {
      const host = line.connectToServer();
      slow.#close = () => {
        slow.#held = undefined;
        slow.#waiting.length = 0;
        void Promise.all([host.close(), line.close()]);
      };
      line.onMessage((message) => slow.#pass(message, () => host.send(message)));
      host.onMessage((message) => line.send(message));
    });
    await page.reload();
    return slow;
  }

  /** Keeps calls of these paths back until they are let go. */
  hold(paths: RegExp): void {
    this.#held = paths;
  }

  letGo(): void {
    this.#held = undefined;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Cuts the line: calls kept back are lost, later ones arrive. The window connects again by itself. */
  cut(): void {
    this.#close();
  }

  /** How many calls are kept back. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #pass(message: string | Buffer, go: () => void): void {
    const path = /"u":"([^"]+)"/.exec(message.toString())?.[1];
    if (path !== undefined) this.calls.push(path);
    if (path !== undefined && this.#held?.test(path)) this.#waiting.push(go);
    else go();
  }
}
