import { ipcMain, type MessagePortMain, type WebContents } from "electron";

/** Calls `connect` for every port that a page of `origin` sends; pages of others and frames within are not heard. */
export function listenForPorts(origin: string, connect: (port: MessagePortMain, from: WebContents) => void): void {
  ipcMain.on("apg-port", (event) => {
    const [port] = event.ports;
    if (
      port === undefined ||
      event.senderFrame !== event.sender.mainFrame ||
      !event.senderFrame?.url.startsWith(`${origin}/`)
    )
      return;
    connect(port, event.sender);
    port.start();
  });
}
