// `npm start`: installs and builds what is missing, then opens the studio in Electron or, where that is not to be had, in a browser.
import { spawn } from "node:child_process";
import { join } from "node:path";
import {
  HOST_FLAGS,
  ensureBuilt,
  ensureElectron,
  ensureInstalled,
  environment,
  projectNode,
  root,
  say,
} from "./ensure.mjs";

const args = process.argv.slice(2);
const asksForAddress = args.some((arg) => arg === "--no-open" || arg === "--port" || arg.startsWith("--port="));
const hasScreen = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await ensureInstalled();
await ensureBuilt();

let electron;
if (!asksForAddress && hasScreen) {
  electron = await ensureElectron();
  if (!electron) say("Electron could not be fetched: the studio opens in the browser instead.");
} else if (!hasScreen && !asksForAddress) {
  say("There is no screen for a window: the studio is served to a browser instead.");
}

const child = electron
  ? spawn(electron, [root, ...args], { cwd: process.cwd(), stdio: "inherit", env: environment() })
  : spawn(projectNode(), [...HOST_FLAGS, join(root, "out/main/web.js"), ...args], {
      stdio: "inherit",
      env: environment(),
    });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
