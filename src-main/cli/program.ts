import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXIT, usage } from "./exit";
import type { Does } from "./does";
import { say } from "./output";
import { addPrivacy } from "./privacy-commands";
import { addTasks } from "./task-commands";
import type { Tools } from "./tools";
import { addTrust } from "./trust-commands";
import { addVault } from "./vault-commands";

/**
 * Runs the command line.
 *
 * @param args the words after the program's name.
 * @returns the exit code: 0 done, 1 failed or cancelled, 2 usage or invalid workflow, 130 interrupted.
 */
export async function runProgram(args: readonly string[], tools: Tools): Promise<number> {
  let code: number = EXIT.ok;
  const does =
    <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...given: A): Promise<void> => {
      code = await action(...given);
    };
  const program = new Command("apg")
    .description("Checks, runs and carries APG workflows.")
    .version(tools.version)
    .exitOverride()
    .configureOutput({ writeErr: (text) => say(text.trimEnd()) });
  program.hook("preAction", (_program, command) => refuseEmpty(command));
  const workspace = () => new Option("--workspace <dir>", "the workspace's folder (default: the studio's)");

  program
    .command("check")
    .description("print findings as file:line:column severity rule message")
    .argument("<file...>")
    .option("--json", "findings as JSON")
    .addOption(workspace())
    .action(
      does(async (files: string[], options: { json?: boolean; workspace?: string }) =>
        (await import("./check")).checkCommand(files, options, tools.outside),
      ),
    );

  program
    .command("run")
    .description("run a workflow file, a bundle or a workflow of the workspace")
    .argument("<file|id>")
    .option("--input <file>", "the input as JSON; - reads standard input")
    .option("--param <name=value>", "a parameter, read by its type; may be repeated", collect, [])
    .option(
      "--env <name|file>",
      "the environment to run in, or a file of NAME=VALUE lines; may be repeated",
      collect,
      [],
    )
    .option("--allow <dir>", "a further folder the workflow may use; may be repeated", collect, [])
    .option("--faults <file>", "what is to go wrong on purpose; see docs/resilience-lab.md")
    .option("--virtual-time", "waits, retries and timeouts pass at once")
    .option(
      "--schedule <span>",
      "fire its schedules in virtual time for so long, such as 24h, instead of running it now",
    )
    .option("--from <time>", "when that span begins, such as 2026-03-29T00:00:00Z (default: now)")
    .option("--seed <text>", "of chance in expressions, backoff and faults: the same again")
    .option("--json", "the result as one JSON object")
    .option("--quiet", "no progress")
    .addOption(workspace())
    .action(
      does(
        async (target: string, { schedule, ...options }: import("./run-options").RunOptions & { schedule?: string }) =>
          schedule === undefined
            ? (await import("./run")).runCommand(target, options, tools.openHost, tools.outside)
            : (await import("./rehearse")).rehearseCommand(
                target,
                { ...options, schedule },
                tools.openHost,
                tools.outside,
              ),
      ),
    );

  addExecutions(program, does, tools, workspace);
  addLibrary(program, does, tools, workspace);
  addBundle(program, does, tools, workspace);
  addTrust(program, does, tools, workspace);
  addVault(program, does, tools, workspace);
  addPrivacy(program, does, tools, workspace);
  addResilience(program, does, tools, workspace);
  addTasks(program, does, tools, workspace);
  addTriggers(program, does, tools, workspace);

  program
    .command("serve-studio")
    .description("serve the studio on 127.0.0.1 and print its address")
    .option("--port <n>", "the port (default: a free one)")
    .option("--no-open", "do not open the system's browser")
    .addOption(workspace())
    .action(async (options: { port?: string; open: boolean; workspace?: string }) => {
      const port = options.port === undefined ? [] : ["--port", options.port];
      await tools.serveStudio([
        ...port,
        ...(options.open ? [] : ["--no-open"]),
        ...(options.workspace === undefined ? [] : ["--workspace", options.workspace]),
      ]);
    });
  program
    .command("sample-api")
    .description("serve the examples' APIs on 127.0.0.1")
    .option("--port <n>", "the port (default: a free one)", wholeNumber, 0)
    .addOption(workspace())
    .action(async (options: { port: number }) => {
      await tools.sampleApi(options.port);
    });

  try {
    await program.parseAsync(["node", "apg", ...args]);
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return code;
}

function addExecutions(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  type Options = { json?: boolean; workspace?: string };
  const executions = program.command("executions").description("look into executions, or stop one");
  executions
    .command("list")
    .description("the newest executions")
    .option("--limit <n>", "how many", count, 50)
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (options: Options & { limit: number }) =>
        (await import("./executions")).listCommand(options, tools.openHost),
      ),
    );
  executions
    .command("show")
    .description("an execution's result")
    .argument("<id>")
    .option("--json", "as apg run --json gives it")
    .addOption(workspace())
    .action(
      does(async (id: string, options: Options) =>
        (await import("./executions")).showCommand(id, options, tools.openHost),
      ),
    );
  executions
    .command("journal")
    .description("an execution's events")
    .argument("<id>")
    .option("--json", "one JSON object a line")
    .addOption(workspace())
    .action(
      does(async (id: string, options: Options) =>
        (await import("./executions")).journalCommand(id, options, tools.openHost),
      ),
    );
  executions
    .command("stop")
    .description("stop one and undo what it did; a second time ends undoing too")
    .argument("<id>")
    .addOption(workspace())
    .action(
      does(async (id: string, options: Options) =>
        (await import("./executions")).stopCommand(id, options, tools.openHost),
      ),
    );
  program
    .command("resume")
    .description("take up executions that no living host carries")
    .argument("[id]")
    .option("--json", "results as JSON")
    .addOption(workspace())
    .action(
      does(async (id: string | undefined, options: Options) =>
        (await import("./executions")).resumeCommand(id, options, tools.openHost),
      ),
    );
}

function addLibrary(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  program
    .command("import")
    .description("take workflow files and bundles into the workspace")
    .argument("<file...>")
    .addOption(workspace())
    .action(
      does(async (files: string[], options: { workspace?: string }) =>
        (await import("./library")).importCommand(files, options, tools.openHost, tools.outside),
      ),
    );
  program
    .command("export")
    .description("a workflow's text")
    .argument("<id>")
    .option("-o, --output <file>", "write it there")
    .addOption(workspace())
    .action(
      does(async (id: string, options: { output?: string; workspace?: string }) =>
        (await import("./library")).exportCommand(id, options, tools.openHost),
      ),
    );
  program
    .command("components")
    .description("the component types")
    .argument("[type]")
    .option("--json", "with schemas, as JSON")
    .addOption(workspace())
    .action(
      does(async (type: string | undefined, options: { json?: boolean }) =>
        (await import("./components")).componentsCommand(type, options),
      ),
    );
  const said = async (sentence: Promise<string>): Promise<number> => {
    say(await sentence);
    return EXIT.ok;
  };
  program
    .command("backup")
    .description("write the workspace's database to one file")
    .argument("<file>")
    .addOption(workspace())
    .action(does((file: string, options: { workspace?: string }) => said(tools.backup(file, options.workspace))));
  program
    .command("restore")
    .description("put a backup in the place of the workspace's database, which is kept beside it")
    .argument("<file>")
    .addOption(workspace())
    .action(does((file: string, options: { workspace?: string }) => said(tools.restore(file, options.workspace))));
}

function addResilience(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  type Options = { json?: boolean; workspace?: string };
  const breakers = program
    .command("breakers")
    .description("circuit breakers of the workspace")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(does(async (options: Options) => (await import("./resilience")).breakersCommand(options, tools.openHost)));
  breakers
    .command("reset")
    .description("close a breaker and forget its counts")
    .argument("<key>")
    .addOption(workspace())
    .action(
      does(async (key: string, _options: Options, command: Command) =>
        (await import("./resilience")).resetCommand(key, command.optsWithGlobals(), tools.openHost),
      ),
    );
  const cache = program.command("cache").description("cached values of the workspace");
  cache
    .command("list")
    .description("the values, the last used first")
    .option("--search <text>", "only keys that hold it")
    .option("--limit <n>", "how many", count, 50)
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (options: Options & { search?: string; limit: number }) =>
        (await import("./resilience")).cacheListCommand(options, tools.openHost),
      ),
    );
  cache
    .command("clear")
    .description("clear the keys named, what matches, or everything")
    .argument("[key...]")
    .option("--search <text>", "only keys that hold it")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (keys: string[], options: Options & { search?: string }) =>
        (await import("./resilience")).cacheClearCommand(keys, options, tools.openHost),
      ),
    );
}

function addTriggers(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  type Options = { json?: boolean; workspace?: string };
  const commands = () => import("./triggers");
  const triggers = program.command("triggers").description("what starts workflows while a studio runs");
  triggers
    .command("list")
    .description("the triggers of a workflow, or of all")
    .argument("[workflow]")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (id: string | undefined, options: Options) =>
        (await commands()).listTriggers(id, options, tools.openHost),
      ),
    );
  for (const on of [true, false])
    triggers
      .command(on ? "enable" : "disable")
      .description(on ? "turn a trigger on" : "turn a trigger off")
      .argument("<workflow>")
      .argument("[number]", "which, counted from 1 (default: all of the workflow)", wholeNumber)
      .addOption(workspace())
      .action(
        does(async (id: string, number: number | undefined, options: Options) =>
          (await commands()).enableTriggers(id, number, on, options, tools.openHost),
        ),
      );
  triggers
    .command("fire")
    .description("fire a trigger now, in the studio that runs on the workspace")
    .argument("<workflow>")
    .argument("[number]", "which, counted from 1", wholeNumber, 1)
    .option("--input <file>", "what it would have brought, as JSON; - reads standard input")
    .addOption(workspace())
    .action(
      does(async (id: string, number: number, options: Options & { input?: string }) =>
        (await commands()).fireTrigger(id, number, options, tools.openHost),
      ),
    );
  program
    .command("emit")
    .description("post an event: starts what listens for it, wakes what waits for it")
    .argument("<type>", "such as order.paid")
    .option("--json <text>", "what it says, as JSON")
    .option("--input <file>", "the same from a file; - reads standard input")
    .addOption(workspace())
    .action(
      does(async (type: string, options: { json?: string; input?: string; workspace?: string }) =>
        (await commands()).emitCommand(type, options, tools.openHost),
      ),
    );
}

function addBundle(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const bundle = program.command("bundle").description("carry workflows to other machines");
  bundle
    .command("export")
    .description("write a workflow and all it calls as one .apgb file")
    .argument("<id|file>")
    .option("-o, --output <file>", "the bundle (default: ID-VERSION.apgb here)")
    .option("--json", "as JSON")
    .addOption(workspace())
    .action(
      does(async (target: string, options: { output?: string; json?: boolean; workspace?: string }) =>
        (await import("./bundle")).exportBundle(target, options, tools.bundles),
      ),
    );
  for (const [name, text] of [
    ["inspect", "what a bundle holds and needs"],
    ["verify", "whether a bundle is what its digests say"],
  ] as const) {
    bundle
      .command(name)
      .description(text)
      .argument("<file>")
      .option("--json", "as JSON")
      .addOption(workspace())
      .action(
        does(async (file: string, options: { json?: boolean }) => {
          const commands = await import("./bundle");
          return name === "inspect"
            ? commands.inspectBundle(file, options, tools.bundles)
            : commands.verifyBundle(file, options, tools.bundles);
        }),
      );
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It has to be a whole number.");
  return Number(text);
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("It has to be a whole number from 1 on.");
  return value;
}

/** Options that an empty text says something for. */
const MAY_BE_EMPTY = new Set(["seed", "param", "set", "json", "value"]);

/** A variable of a shell that is not set gives an empty text: nothing is to be looked for, removed or written under it. */
function refuseEmpty(command: Command): void {
  command.registeredArguments.forEach((argument, at) => {
    const given = argument.variadic ? command.args.slice(at) : command.args.slice(at, at + 1);
    if (given.includes("")) throw usage(`"${argument.name()}" is empty; say which is meant.`);
  });
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (!MAY_BE_EMPTY.has(option.attributeName()) && [value].flat().includes(""))
      throw usage(`${option.long ?? option.flags} is empty; give it a value or leave it out.`);
  }
}
