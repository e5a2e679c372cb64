import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`apg needs Node 22.14 or newer and runs on ${process.versions.node}.\n`);
  process.exit(2);
}
// Has to come before anything else is loaded: compiling is a third of a cold start.
module.enableCompileCache();

process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  // The reader of a pipe went away: there is nobody left to tell.
  if (cause.code === "EPIPE") process.exit(0);
  throw cause;
});

const { Stop } = await import("./cli/exit");
try {
  const [{ runProgram }, { commandLineTools }] = await Promise.all([
    import("./cli/program"),
    import("./compose/command-line"),
  ]);
  process.exitCode = await runProgram(process.argv.slice(2), commandLineTools());
} catch (cause) {
  if (!(cause instanceof Stop)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = cause.code;
}
