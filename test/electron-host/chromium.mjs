import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Cdp } from "./cdp.mjs";
import { boot, engine, windows } from "./state.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-extensions",
  "--disable-default-apps",
  "--disable-popup-blocking",
  "--disable-component-update",
  "--disable-background-networking",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-dev-shm-usage",
  "--force-color-profile=srgb",
  "--no-first-run",
  "--password-store=basic",
  "--remote-debugging-address=127.0.0.1",
];
const START_MS = 30_000;

function findChromium() {
  const named = process.env["ELECTRON_HOST_CHROMIUM"];
  const known = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
  ];
  const found = [named, ...known].find((file) => file && fs.existsSync(file));
  if (!found) throw new Error("electron-host: no Chromium; name one in ELECTRON_HOST_CHROMIUM");
  return found;
}

/** Starts Chromium and connects to it; resolves to its DevTools address. */
export async function launchChromium() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "electron-host-"));
  const debugPort = boot.switches.get("remote-debugging-port") || 0;
  const flags = [...FLAGS, `--remote-debugging-port=${debugPort}`, `--user-data-dir=${profile}`];
  if (!process.env["ELECTRON_HOST_HEADED"]) flags.unshift("--headless");
  const chromium = spawn(findChromium(), [...flags, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  engine.chromium = chromium;
  process.once("exit", () => {
    chromium.kill("SIGKILL");
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  let tail = "";
  chromium.stderr.on("data", (data) => {
    tail = (tail + data).slice(-4000);
  });
  chromium.once("exit", (code, signal) => {
    if (engine.quitting) return;
    console.error("[electron-host] chromium ended", code, signal, tail);
    process.exit(1);
  });

  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`chromium did not start:\n${tail}`)), START_MS);
    chromium.stderr.on("data", () => {
      const found = /^DevTools listening on (ws:\/\/\S+)/m.exec(tail);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
  });
  engine.cdp = await Cdp.connect(url);
  const { targetInfos } = await engine.cdp.send("Target.getTargets");
  // The first window takes over the page that Chromium opened with.
  engine.blankTargets.push(...targetInfos.filter((target) => target.type === "page").map((target) => target.targetId));
  await engine.cdp.send("Target.setDiscoverTargets", { discover: true });
  engine.cdp.events.on("Target.targetDestroyed", ({ targetId }) => {
    for (const window of windows.values()) if (window.webContents._targetId === targetId) window._gone();
  });
  return url;
}
