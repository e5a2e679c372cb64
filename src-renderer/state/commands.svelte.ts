import { untrack } from "svelte";
import { isStroke } from "../ui/keys";

/** Something a user can do: by menu, palette or key, all from this one table. */
export interface Command {
  /** `room.verb`, stable; native menus send it. */
  readonly id: string;
  /** A verb phrase in sentence case. */
  readonly title: string;
  /** The palette's group. */
  readonly group: string;
  /** `Mod+K`; the first one is shown. `Mod` is Ctrl, on a Mac Cmd. */
  readonly keys?: readonly string[];
  /** Whether it can run at this moment. Absent: always. */
  readonly when?: () => boolean;
  readonly run: () => void | Promise<void>;
  /** Its keys also work while text is edited, though text has a use for them (undo, copy, delete). */
  readonly inText?: boolean;
  /** Its keys also work while a dialog is open. */
  readonly inDialog?: boolean;
  /** Left out of the palette. */
  readonly hidden?: boolean;
}

/** Keys that belong to the text a user is typing into. Function keys and other Mod or Alt strokes do not. */
function isOfText(keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  if (/^F\d+$/.test(key)) return false;
  const marks = parts.slice(0, -1).filter((mark) => mark !== "Shift");
  return (
    marks.length === 0 ||
    (marks[0] === "Mod" && ["A", "C", "V", "X", "Z", "Y", "D", "F", "ArrowLeft", "ArrowRight"].includes(key))
  );
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type)) ||
    target.closest(".monaco-editor") !== null
  );
}

/** The commands of all rooms on screen. A room that registers later wins where ids or keys are the same. */
export class Commands {
  #rooms = $state.raw<readonly (readonly Command[])[]>([]);

  /** All commands, the latest registered first; one for each id. */
  readonly all: readonly Command[] = $derived(
    this.#rooms
      .toReversed()
      .flat()
      .filter((command, at, list) => list.findIndex((other) => other.id === command.id) === at),
  );

  /** Adds a room's commands until the result is called: `$effect(() => commands.register([…]))`. */
  register(room: readonly Command[]): () => void {
    // Untracked: an effect that registers must not run again because something was registered.
    this.#rooms = [...untrack(() => this.#rooms), room];
    return () => {
      this.#rooms = untrack(() => this.#rooms).filter((other) => other !== room);
    };
  }

  find(id: string): Command | undefined {
    return this.all.find((command) => command.id === id);
  }

  /** The first key of a command, for tooltips. */
  keysOf(id: string): string | undefined {
    return this.find(id)?.keys?.[0];
  }

  /** Runs a command by id; nothing happens when there is none or it cannot run now. */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || command.when?.() === false) return false;
    void command.run();
    return true;
  }

  /** Runs the command whose key was struck, if any. */
  strike(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const inText = isText(event.target);
    const inDialog =
      event.target instanceof Element && event.target.closest("[role=dialog], [role=menu], [role=listbox]") !== null;
    for (const command of this.all) {
      const keys = command.keys?.find((stroke) => isStroke(event, stroke));
      if (
        !keys ||
        (inText && !command.inText && isOfText(keys)) ||
        (inDialog && !command.inDialog) ||
        command.when?.() === false
      )
        continue;
      event.preventDefault();
      event.stopPropagation();
      void command.run();
      return;
    }
  }
}

/** The window's commands. */
export const commands = new Commands();
