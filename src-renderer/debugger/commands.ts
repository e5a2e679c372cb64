import type { Breakpoints } from "../state/breakpoints.svelte";
import type { Command } from "../state/commands.svelte";
import type { Debugging } from "../state/debugging.svelte";
import { debuggerText as text } from "../text/debugger";
import { commandText } from "../text/frame";

/** What can be done on the screen of an execution. F6 pauses while something runs, as elsewhere it goes round the panes. */
export function debuggerCommands(
  debugging: Debugging,
  breakpoints: () => Breakpoints | undefined,
  screen: { readonly toggleBottom: () => void; readonly fit: () => void },
): readonly Command[] {
  const group = commandText.group.run;
  const canStep = (): boolean => debugging.isPast || debugging.holds.length > 0;
  return [
    {
      id: "debug.continue",
      title: text.continue,
      group,
      keys: ["F5"],
      inText: true,
      when: () => canStep() || debugging.paused,
      run: () => debugging.continue(),
    },
    {
      id: "debug.pause",
      title: text.pause,
      group,
      keys: ["F6"],
      inText: true,
      when: () => debugging.debugged && debugging.running && !debugging.paused,
      run: () => debugging.pause(),
    },
    {
      id: "debug.step-over",
      title: text.stepOver,
      group,
      keys: ["F10"],
      inText: true,
      when: canStep,
      run: () => debugging.stepOver(),
    },
    {
      id: "debug.step-back",
      title: text.stepBack,
      group,
      keys: ["Alt+F10"],
      inText: true,
      when: () => debugging.canStepBack,
      run: () => debugging.stepBack(),
    },
    {
      id: "debug.previous-event",
      title: text.previousEvent,
      group,
      keys: ["Alt+ArrowLeft"],
      when: () => debugging.seq > 1,
      run: () => debugging.goTo(debugging.seq - 1, true),
    },
    {
      id: "debug.next-event",
      title: text.nextEvent,
      group,
      keys: ["Alt+ArrowRight"],
      when: () => debugging.isPast,
      run: () => debugging.goTo(debugging.seq + 1, true),
    },
    {
      id: "debug.live",
      title: text.toLive,
      group,
      when: () => debugging.isPast,
      run: () => debugging.goLive(),
    },
    {
      id: "debug.stop",
      title: text.stop,
      group,
      keys: ["Shift+F5"],
      inText: true,
      when: () => debugging.running,
      run: () => debugging.stop(),
    },
    {
      id: "debug.again",
      title: text.again,
      group,
      keys: ["Mod+Shift+F5"],
      when: () => debugging.row !== undefined,
      run: () => debugging.again(),
    },
    {
      id: "debug.breakpoint",
      title: text.toggleBreakpoint,
      group,
      keys: ["F9"],
      when: () => debugging.selected !== undefined,
      run: () => {
        if (debugging.selected) breakpoints()?.toggle(debugging.selected.id);
      },
    },
    {
      id: "debug.toggle-bottom",
      title: text.bottom,
      group: commandText.group.view,
      keys: ["Mod+J"],
      run: screen.toggleBottom,
    },
    { id: "debug.fit", title: text.fit, group: commandText.group.view, keys: ["Mod+0"], run: screen.fit },
  ];
}
