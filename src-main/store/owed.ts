import { isRefused } from "./refused";

/** Writes that give something back for others: what the database refuses at the moment is written as soon as it takes one again. */
export class Owed {
  private readonly left: (() => void)[] = [];

  /** Never throws what the database says: whoever gives back is often about to end because of that. */
  pay(write?: () => void): void {
    if (write !== undefined) this.left.push(write);
    try {
      for (let next = this.left[0]; next !== undefined; next = this.left[0]) {
        next();
        this.left.shift();
      }
    } catch (error) {
      // It stays owed.
      if (!isRefused(error)) throw error;
    }
  }
}
