import { ipcRenderer } from "electron";

/** The part of the page's window that is used here; the rest of this side has no DOM. */
declare const window: MessageEvent["source"] & {
  addEventListener(type: "message", listener: (event: Pick<MessageEvent, "source" | "data" | "ports">) => void): void;
};

// The page makes a channel and keeps one end; the other goes to the main process. Nothing else passes.
window.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.source !== window || event.data !== "apg-port" || port === undefined) return;
  ipcRenderer.postMessage("apg-port", null, [port]);
});
