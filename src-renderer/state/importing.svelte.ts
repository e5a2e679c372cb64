import { ask, client } from "../bridge";
import { libraryText } from "../text/library";
import { notices } from "./notices.svelte";
import { studio } from "./studio.svelte";

/** What can be imported, for choosers. */
export const IMPORTABLE = [".yaml", ".yml", ".json", ".apgb"] as const;

/** Of a file sent through the window; base64 makes 93 MB of it. */
const LIMIT = 70_000_000;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

async function namesOf(ids: readonly string[]): Promise<string> {
  const rows = await ask(client.workflows.list());
  const first = ids[0] ?? "";
  return (rows.ok && rows.value.find((row) => row.id === first)?.name) || first;
}

async function tell(ids: readonly string[]): Promise<void> {
  const first = ids[0];
  if (first === undefined) return;
  const name = await namesOf(ids);
  notices.say(libraryText.imported(ids.length, name), {
    action: { title: libraryText.open, run: () => studio.openWorkflow(first, name) },
  });
}

/** Imports files dropped on the window or chosen in a browser. */
export async function importFiles(files: readonly File[]): Promise<void> {
  const ids: string[] = [];
  for (const file of files) {
    if (file.size > LIMIT) {
      notices.say(libraryText.tooLarge(file.name), { severity: "error" });
      continue;
    }
    const bytes = await ask(file.arrayBuffer());
    if (!bytes.ok) {
      notices.say(libraryText.badFile(file.name), { severity: "error", detail: bytes.problem.what });
      continue;
    }
    const imported = await ask(
      client.bundles.import({ name: file.name, base64: base64Of(new Uint8Array(bytes.value)) }),
    );
    if (imported.ok) ids.push(...imported.value.ids);
    else notices.fault(imported.problem);
  }
  await tell(ids);
}

/** Imports a file of the host's machine. */
export async function importPath(file: string): Promise<void> {
  const imported = await ask(client.bundles.import({ file }));
  if (imported.ok) await tell(imported.value.ids);
  else notices.fault(imported.problem);
}

/** Asks which files to import: with the host's dialog where it has one, else with the browser's. */
export async function chooseImport(): Promise<void> {
  if (studio.info?.dialogs) {
    const file = await ask(
      client.host.chooseFile({
        title: libraryText.importFiles,
        filters: [{ name: libraryText.title, extensions: IMPORTABLE.map((ending) => ending.slice(1)) }],
      }),
    );
    if (!file.ok) return notices.fault(file.problem);
    if (file.value === null) return;
    return importPath(file.value);
  }
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.accept = IMPORTABLE.join(",");
  input.addEventListener("change", () => void importFiles([...(input.files ?? [])]), { once: true });
  input.click();
}
