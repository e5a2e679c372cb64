import { BrowserWindow, Notification } from "electron";

/** Shows a notice of the system's own; a click brings the studio to the front. Windows show it themselves while one is in use. */
export function notifyDesktop(title: string, body: string, clicked: () => void): void {
  if (!Notification.isSupported() || BrowserWindow.getFocusedWindow() !== null) return;
  const shown = new Notification({ title, body });
  shown.on("click", clicked);
  shown.show();
}
