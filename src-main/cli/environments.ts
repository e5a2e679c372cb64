import { pairsOf } from "./asking";
import { EXIT, usage } from "./exit";
import type { OpenHost } from "./host";
import { inHost, type Options } from "./in-host";
import { print, printJson, say, table } from "./output";

/** `apg environments list`. */
export function listEnvironments(options: Options, openHost: OpenHost): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust }) => {
    const environments = trust.environments();
    if (options.json) await printJson(environments);
    else {
      const rows = environments.map(({ name, env, active }) => [
        active ? `${name} *` : name,
        Object.entries(env)
          .map(([key, value]) => `${key}=${value}`)
          .join(" "),
      ]);
      await print(table(["ENVIRONMENT", "VALUES"], rows));
    }
    return EXIT.ok;
  });
}

/** `apg environments set NAME KEY=value…`: what is not named stays; `KEY=` removes one. */
export function setEnvironment(
  name: string,
  values: readonly string[],
  options: Options,
  openHost: OpenHost,
): Promise<number> {
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name))
    throw usage(`${name}: is no name for an environment; use lower-case letters, digits, - and _.`);
  const pairs = pairsOf(values);
  return inHost(openHost, options.workspace, async ({ trust }) => {
    const env: { [key: string]: string } = { ...trust.environments().find((one) => one.name === name)?.env };
    for (const [key, value] of pairs) {
      if (value === "") delete env[key];
      else env[key] = value;
    }
    trust.setEnvironment(name, env);
    say(`${name} is set.`);
    return EXIT.ok;
  });
}

/** `apg environments use|delete NAME`. */
export function changeEnvironment(
  verb: "use" | "delete",
  name: string,
  options: Options,
  openHost: OpenHost,
): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust, sentence }) => {
    const done = verb === "use" ? trust.activateEnvironment(name) : trust.deleteEnvironment(name);
    if (!done.ok) throw usage(sentence(done.problem));
    say(verb === "use" ? `Executions start in ${name}.` : `${name} is deleted.`);
    return EXIT.ok;
  });
}
