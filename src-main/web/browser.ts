import { spawn } from "node:child_process";
import { platform } from "node:process";

/** Shows `address` in the system's browser where there is one. What it cannot show was printed anyway. */
export function showInBrowser(address: string): void {
  if (platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const [command, ...args] =
    platform === "darwin"
      ? ["open", address]
      : platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", address]
        : ["xdg-open", address];
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  // No opener installed: the person copies the address from the terminal.
  child.on("error", () => undefined);
  child.unref();
}
