import type { Command, Option } from "commander";
import type { Does } from "./does";
import type { Tools } from "./tools";

/** `apg privacy`. */
export function addPrivacy(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const privacy = program.command("privacy").description("personal data that executions left");
  privacy
    .command("erase")
    .description("remove for good the settled executions, cached values and event payloads that hold a person's value")
    .option("--field <name>", "the field that holds it, at any depth (default: any place)")
    .requiredOption("--value <value>", "the value, in any letter case; - asks for it or reads standard input")
    .option("--workflow <id>", "only executions in which this workflow ran")
    .option("--dry-run", "count, and remove nothing")
    .option("--json", "the counts as JSON")
    .addOption(workspace())
    .action(
      does(async (options: Parameters<(typeof import("./privacy"))["eraseCommand"]>[0]) =>
        (await import("./privacy")).eraseCommand(options, tools.openHost),
      ),
    );
}
