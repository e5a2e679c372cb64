import { rename, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { randomBytes } from "node:crypto";
import { catalogue } from "@shared/components/catalogue";
import { needsOf } from "@shared/bundle/needs";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import { formatOf, line } from "./check";
import { EXIT, Stop, unwritten, usage } from "./exit";
import type { CliHost, OpenHost } from "./host";
import { isArchive, readText } from "./input";
import { counted, print, say } from "./output";
import type { Outside } from "./outside";

/** `apg import FILE…`: takes workflow files and bundles into the workspace; prints the ids. */
export async function importCommand(
  files: readonly string[],
  options: { readonly workspace?: string },
  openHost: OpenHost,
  outside: Outside,
): Promise<number> {
  const texts: { readonly text: string; readonly format: "yaml" | "json"; readonly origin: "import" | "bundle" }[] = [];
  for (const file of files) {
    if (await isArchive(file)) {
      const opened = await outside.openBundle(file);
      if (!opened.ok) throw usage(opened.sentence);
      for (const one of opened.workflows.values()) texts.push({ ...one, origin: "bundle" });
      continue;
    }
    const text = await readText(file);
    const format = formatOf(file);
    const document = readWorkflow(text, format);
    const findings = check(document, catalogue).filter((finding) => finding.severity === "error");
    if (!document.workflow)
      throw new Stop(
        EXIT.usage,
        findings.map((finding) => line(file, finding)).join("\n") || `${file}: holds no workflow.`,
      );
    if (findings.length > 0)
      say(
        `${basename(file)} has ${counted(findings.length, "error")}; it is imported and cannot run before that is mended.`,
      );
    texts.push({ text, format, origin: "import" });
  }
  const host = await openHost(options.workspace);
  try {
    for (const { text, format, origin } of texts) {
      const { id } = host.addWorkflow(text, format, origin);
      await print(id);
      const named = readWorkflow(text, format).workflow?.id;
      if (named !== undefined && named !== id)
        say(`The workspace has a workflow ${named} already, which stays as it is; this one is ${id}.`);
      for (const sentence of lacking(text, format, host)) say(sentence);
    }
    return EXIT.ok;
  } finally {
    await host.close();
  }
}

/** What the workflow names and the workspace does not have. */
function lacking(text: string, format: "yaml" | "json", { trust }: CliHost): readonly string[] {
  const { workflow } = readWorkflow(text, format);
  if (workflow === undefined) return [];
  const connections = new Set(trust.connections().map(({ name }) => name));
  const secrets = new Set(trust.secretNames());
  return needsOf(workflow, [workflow], "").flatMap(({ kind, name }) => {
    const secret = name.replace(/^secrets\./, "");
    if (kind === "secret" && !secrets.has(secret))
      return [`It needs the secret ${secret}: "apg secrets set ${secret}".`];
    if (kind === "connection" && !name.includes("{{") && !connections.has(name))
      return [`It needs the connection ${name}: "apg connections set ${name} --kind …".`];
    return [];
  });
}

/** `apg export ID [-o FILE]`: a workflow's text, as it was saved. */
export async function exportCommand(
  id: string,
  options: { readonly output?: string; readonly workspace?: string },
  openHost: OpenHost,
): Promise<number> {
  const host = await openHost(options.workspace);
  try {
    const found = host.workflow(id);
    if (!found) throw usage(`There is no workflow "${id}" in the workspace.`);
    if (options.output === undefined) process.stdout.write(found.text);
    else await writeWhole(options.output, found.text);
    return EXIT.ok;
  } finally {
    await host.close();
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, file);
  } catch (cause) {
    throw unwritten(file, cause);
  }
}
