/** The time by the second, while somebody looks at it. */
class Clock {
  now = $state(Date.now());
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Goes until the result is called. */
  watch(): () => void {
    this.now = Date.now();
    this.#watchers++;
    this.#timer ??= setInterval(() => {
      this.now = Date.now();
    }, 1000);
    return () => {
      this.#watchers--;
      if (this.#watchers > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}

/** The window's clock. */
export const clock = new Clock();
