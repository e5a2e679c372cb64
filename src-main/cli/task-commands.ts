import type { Command, Option } from "commander";
import type { Does } from "./does";
import type { Tools } from "./tools";

/** `apg tasks`. */
export function addTasks(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const tasks = program.command("tasks").description("questions that executions put to people");
  tasks
    .command("list", { isDefault: true })
    .description("the open ones, or those answered")
    .option("--answered", "those answered")
    .option("--json", "with their forms, as JSON")
    .addOption(workspace())
    .action(
      does(async (options: { answered?: boolean; json?: boolean; workspace?: string }) =>
        (await import("./tasks")).listTasks(options, tools.openHost),
      ),
    );
  tasks
    .command("answer")
    .description("answer one; checked against its form")
    .argument("<execution>")
    .argument("<path>")
    .option("--json <answer>", "the answer as JSON")
    .option("--set <name=value>", "a field of the answer; may be repeated", collect, [])
    .option("--by <name>", "who answers (default: the user)")
    .addOption(workspace())
    .action(
      does(
        async (
          execution: string,
          path: string,
          options: { json?: string; set: readonly string[]; by?: string; workspace?: string },
        ) => (await import("./tasks")).answerTask(execution, path, options, tools.openHost),
      ),
    );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
