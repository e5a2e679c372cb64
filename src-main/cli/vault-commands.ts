import type { Command, Option } from "commander";
import type { Does } from "./does";
import type { Tools } from "./tools";

/** `apg vault`. */
export function addVault(program: Command, does: Does, tools: Tools, workspace: () => Option): void {
  const vault = program.command("vault").description("the key under which secrets are sealed");
  vault
    .command("passphrase")
    .description(
      "set or change the passphrase that guards the key; asked for, or APG_PASSPHRASE and APG_NEW_PASSPHRASE",
    )
    .option("--remove", "remove it: the key lies in its file again")
    .addOption(workspace())
    .action(
      does(async (options: { remove?: boolean; workspace?: string }) =>
        (await import("./vault")).setPassphrase(options, tools.vaultKey),
      ),
    );
}
