import { ipcRenderer } from "electron";

// The page makes a channel and keeps one end; the other goes to the main process. Nothing else passes.
window.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.source !== window || event.data !== "apg-port" || port === undefined) return;
  ipcRenderer.postMessage("apg-port", null, [port]);
});
