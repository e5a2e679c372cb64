import { resolve } from "node:path";
import type { BundleReport } from "@shared/contract/bundles";
import { EXIT, Stop, usage } from "./exit";
import { print, printJson, say, table } from "./output";

/** What the command line asks of the bundle room. Composition hands it in. */
export interface Bundles {
  /** Writes the bundle of a library workflow or a workflow file. */
  export(
    target: string,
    file: string | undefined,
    options: { readonly workspace?: string },
  ): Promise<
    | {
        readonly ok: true;
        readonly file: string;
        readonly sha256: string;
        readonly bytes: number;
        readonly entries: number;
      }
    | { readonly ok: false; readonly sentence: string; readonly findings?: readonly string[] }
  >;
  inspect(
    file: string,
  ): Promise<{ readonly ok: true; readonly report: BundleReport } | { readonly ok: false; readonly sentence: string }>;
}

/** `apg bundle export ID|FILE -o FILE.apgb`. */
export async function exportBundle(
  target: string,
  options: { readonly output?: string; readonly json?: boolean; readonly workspace?: string },
  bundles: Bundles,
): Promise<number> {
  const written = await bundles.export(
    target,
    options.output === undefined ? undefined : resolve(options.output),
    options,
  );
  if (!written.ok) throw usage([written.sentence, ...(written.findings ?? [])].join("\n"));
  const { file, sha256, bytes, entries } = written;
  if (options.json) await printJson({ file, sha256, bytes, entries });
  else await print(`${file}  ${entries} entries, ${bytes} bytes, sha256 ${sha256}`);
  return EXIT.ok;
}

/** `apg bundle inspect FILE`: what it holds and needs. */
export async function inspectBundle(
  file: string,
  options: { readonly json?: boolean },
  bundles: Bundles,
): Promise<number> {
  const report = await reportOf(file, bundles);
  if (options.json) await printJson(report);
  else {
    await print(
      `${report.root.name} (${report.root.id} ${report.root.version}), ${report.workflows.length} workflows\n`,
    );
    await print(
      table(
        ["ENTRY", "BYTES", "SHA-256"],
        report.entries.map((entry) => [entry.path, entry.bytes, entry.sha256.slice(0, 16)]),
      ),
    );
    await print(
      `\n${table(
        ["NEEDS", "NAME", "FOR"],
        report.needs.map((need) => [need.kind, need.name, need.component ?? need.detail]),
      )}`,
    );
  }
  for (const problem of report.problems) say(problem);
  return report.intact ? EXIT.ok : EXIT.failed;
}

/** `apg bundle verify FILE`: exit 1 and the damaged entries by name when it is not what its digests say. */
export async function verifyBundle(
  file: string,
  options: { readonly json?: boolean },
  bundles: Bundles,
): Promise<number> {
  const report = await reportOf(file, bundles);
  if (options.json) await printJson({ file, intact: report.intact, problems: report.problems });
  else if (report.intact) await print(`${file}: intact, ${report.entries.length} entries.`);
  else await print(report.problems.map((problem) => `${file}: ${problem}`).join("\n"));
  return report.intact ? EXIT.ok : EXIT.failed;
}

async function reportOf(file: string, bundles: Bundles): Promise<BundleReport> {
  const inspected = await bundles.inspect(file);
  if (!inspected.ok) throw new Stop(EXIT.failed, inspected.sentence);
  return inspected.report;
}
