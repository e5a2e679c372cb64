import { frameText } from "../text/frame";
import { notices } from "./notices.svelte";

/** Puts `text` into the system's clipboard and says `said`. */
export async function copyText(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notices.say(said);
  } catch {
    notices.say(frameText.notCopied, { severity: "warning" });
  }
}
