import { Command, Option } from "commander";
import type { Does } from "./does";
import type { Tools } from "./tools";

/** `apg secrets`, `apg connections`, `apg environments`. */
export function addTrust(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  addSecrets(program, does, tools, workspace);
  addConnections(program, does, tools, workspace);
  addEnvironments(program, does, tools, workspace);
}

type Shared = { json?: boolean; workspace?: string };

function addSecrets(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const secrets = program.command("secrets").description("the workspace's secrets: set, listed, never shown");
  secrets
    .command("list")
    .description("names, when they last changed, and what uses them")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(does(async (options: Shared) => (await import("./secrets")).listSecrets(options, tools.openHost)));
  secrets
    .command("set")
    .description("make a secret or give it another value, read from standard input or asked for")
    .argument("<name>")
    .addOption(workspace())
    .action(
      does(async (name: string, options: Shared) =>
        (await import("./secrets")).setSecret(name, options, tools.openHost),
      ),
    );
  secrets
    .command("import")
    .description("take NAME=value lines of a .env file; - reads standard input")
    .argument("<file>")
    .addOption(workspace())
    .action(
      does(async (file: string, options: Shared) =>
        (await import("./secrets")).importSecrets(file, options, tools.openHost),
      ),
    );
  addVerbs(
    secrets,
    "<name>",
    workspace,
    {
      delete: "delete a secret; it can be restored for 30 days",
      restore: "bring a deleted secret back",
    },
    (verb) =>
      does(async (name: string, options: Shared) =>
        (await import("./secrets")).changeSecret(verb, name, options, tools.openHost),
      ),
  );
}

function addConnections(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const connections = program.command("connections").description("named connections that workflows use");
  connections
    .command("list")
    .description("names, kinds, settings and what uses them")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(does(async (options: Shared) => (await import("./connections")).listConnections(options, tools.openHost)));
  connections
    .command("set")
    .description("make or change a connection: apg connections set shop --kind postgresql host=db user=app")
    .argument("<name>")
    .argument("[setting=value...]")
    .option("--kind <kind>", "sqlite, postgresql, mysql, smtp, http, webhook or slack")
    .option("--env <name>", "the environment the settings are for (default: all)")
    .option("--serves <type>", "a capability type it answers; may be repeated", collect, [])
    .addOption(workspace())
    .action(
      does(
        async (
          name: string,
          settings: string[],
          options: Shared & { kind?: string; env?: string; serves: readonly string[] },
        ) => (await import("./connections")).setConnection(name, settings, options, tools.openHost),
      ),
    );
  connections
    .command("test")
    .description("try to connect")
    .argument("<name>")
    .option("--env <name>", "in this environment (default: the active one)")
    .addOption(workspace())
    .action(
      does(async (name: string, options: Shared & { env?: string }) =>
        (await import("./connections")).testConnection(name, options, tools.openHost),
      ),
    );
  addVerbs(
    connections,
    "<name>",
    workspace,
    {
      delete: "delete a connection; it can be restored for 30 days",
      restore: "bring a deleted connection back",
    },
    (verb) =>
      does(async (name: string, options: Shared) =>
        (await import("./connections")).changeConnection(verb, name, options, tools.openHost),
      ),
  );
}

function addEnvironments(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const environments = program.command("environments").description("sets of values that workflows read as env.NAME");
  environments
    .command("list")
    .description("environments, their values, and which one executions start in")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (options: Shared) => (await import("./environments")).listEnvironments(options, tools.openHost)),
    );
  environments
    .command("set")
    .description("make an environment or change values of it; NAME= removes one")
    .argument("<environment>")
    .argument("[name=value...]")
    .addOption(workspace())
    .action(
      does(async (name: string, values: string[], options: Shared) =>
        (await import("./environments")).setEnvironment(name, values, options, tools.openHost),
      ),
    );
  addVerbs(
    environments,
    "<environment>",
    workspace,
    {
      use: "have executions start in it",
      delete: "delete it",
    },
    (verb) =>
      does(async (name: string, options: Shared) =>
        (await import("./environments")).changeEnvironment(verb, name, options, tools.openHost),
      ),
  );
}

/** Commands that do one thing each to what `argument` names. */
function addVerbs<V extends string>(
  group: Command,
  argument: string,
  workspace: () => Option,
  verbs: { readonly [verb in V]: string },
  action: (verb: V) => (name: string, options: Shared) => Promise<void>,
): void {
  for (const [verb, text] of Object.entries(verbs) as [V, string][])
    group.command(verb).description(text).argument(argument).addOption(workspace()).action(action(verb));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
