import fs from "node:fs";
import { pathToFileURL } from "node:url";
import { boot } from "./state.mjs";
import { bridge } from "./page/bridge.mjs";
import { makeCodec } from "./page/codec.mjs";
import { preloadWorld } from "./page/preload-world.mjs";

/** The name Electron gives the world that preload scripts run in. */
export const WORLD = "Electron Isolated Context";
/** What the isolated world calls to reach this process. */
const BINDING = "__electronHostSend";

/**
 * Puts the preload into every document of a page, before the page's own scripts.
 *
 * The functions of `page/` travel as source text, so they must not use anything outside themselves.
 * `token` names the DOM events by which the two worlds talk; pages cannot guess it.
 */
export async function injectPreload(call, preferences, token) {
  const file = preferences.preload;
  const source = file ? fs.readFileSync(file, "utf8") : "";
  const versions = { ...process.versions };
  const argv = [boot.executable, ...(preferences.additionalArguments ?? [])];
  const config = {
    process: {
      type: "renderer",
      sandboxed: true,
      contextIsolated: true,
      platform: process.platform,
      arch: process.arch,
      versions,
      env: {},
      argv,
    },
  };
  const name = JSON.stringify(token);

  await call("Runtime.addBinding", { name: BINDING, executionContextName: WORLD });
  await call("Page.addScriptToEvaluateOnNewDocument", {
    source: `if (window.top === window) (${bridge})(${name}, "main");`,
  });
  await call("Page.addScriptToEvaluateOnNewDocument", {
    worldName: WORLD,
    source: [
      `(${preloadWorld})((${makeCodec})(), (${bridge})(${name}, "isolated"), ${JSON.stringify(config)}, function (require, module, exports, process) {`,
      source,
      "});",
      `//# sourceURL=${file ? pathToFileURL(file).href : "electron-host://no-preload"}`,
    ].join("\n"),
  });
}
