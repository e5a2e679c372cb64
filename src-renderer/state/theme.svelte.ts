import { settings } from "./settings.svelte";

const light = matchMedia("(prefers-color-scheme: light)");
const contrast = matchMedia("(prefers-contrast: more)");

/** The theme in force: the user's, or what the system asks for. */
export class Theme {
  #system = $state<"dark" | "light" | "contrast">(this.#ask());
  readonly now = $derived(settings.theme === "system" ? this.#system : settings.theme);

  #ask(): "dark" | "light" | "contrast" {
    return contrast.matches ? "contrast" : light.matches ? "light" : "dark";
  }

  /** Follows the system; call once. */
  start(): () => void {
    const change = (): void => {
      this.#system = this.#ask();
    };
    light.addEventListener("change", change);
    contrast.addEventListener("change", change);
    return () => {
      light.removeEventListener("change", change);
      contrast.removeEventListener("change", change);
    };
  }
}

/** The window's theme. */
export const theme = new Theme();
