import { openApi } from "../api/router";
import { readWebArguments } from "../web/arguments";
import { showInBrowser } from "../web/browser";
import { startWebServer } from "../web/server";
import { openHost } from "./host";
import { openAsking } from "./passphrase";
import { lockedSentence, workspaceSentence } from "./workspace";
import { rendererFolder } from "./places";

/** Serves the studio until a signal ends it. `args` are those of docs/command-line.md's `serve-studio`. */
export async function serveStudio(args: readonly string[]): Promise<never> {
  const given = readWebArguments(args);
  if (typeof given === "string") {
    console.error(given);
    process.exit(2);
  }
  const workspace = given.workspace === undefined ? {} : { workspace: given.workspace };
  const asked = await openAsking((key) => openHost({ kind: "web", key, ...workspace }));
  // Where nobody was there to ask, the page does.
  const isLocked = !asked.ok && asked.problem.kind === "passphrase-needed";
  const opened = isLocked ? openHost({ kind: "web", mayBeLocked: true, ...workspace }) : asked;
  if (!opened.ok) {
    console.error(workspaceSentence(opened.problem));
    process.exit(opened.problem.kind.startsWith("passphrase") ? 2 : 1);
  }
  const host = opened.value;
  const api = openApi(host.rooms, (error) => console.error(error));
  const server = await startWebServer({
    renderer: rendererFolder(),
    port: given.port,
    connect: (socket) => api.socket(socket, {}),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    console.error(
      `Port ${given.port} is ${error.code === "EACCES" ? "reserved by the system" : "in use"}. Name another one with --port, or 0 for any.`,
    );
    process.exit(1);
  });
  let closing = false;
  const close = (): void => {
    // A second signal means: at once.
    if (closing) process.exit(130);
    closing = true;
    void server
      .close()
      .then(host.close)
      .then(() => process.exit(0));
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);

  console.log(`APG Workflow Studio: ${server.address}`);
  if (isLocked) console.error(lockedSentence(host.store.folder));
  if (given.open) showInBrowser(server.address);
  await host.begin();
  return new Promise<never>(() => undefined);
}
