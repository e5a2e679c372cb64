import { os } from "./implementer";
import { settingsOf } from "./inputs";
import type { Rooms } from "./rooms";
import { each } from "./ticks";

/** The host itself, and the window at the other end. */
export function hostApi({ info, settings }: Rooms) {
  const api = os.host;
  return {
    info: api.info.handler(({ context }) => ({ ...info(), dialogs: context.dialogs !== undefined })),
    settings: api.settings.handler(() => settings.get()),
    set: api.set.handler(({ input }) => settings.set(settingsOf(input))),
    chooseFile: api.chooseFile.handler(
      ({ input, context }) => context.dialogs?.chooseFile(input.title, input.filters) ?? null,
    ),
    chooseSave: api.chooseSave.handler(
      ({ input, context }) => context.dialogs?.chooseSave(input.title, input.name) ?? null,
    ),
    chooseFolder: api.chooseFolder.handler(({ input, context }) => context.dialogs?.chooseFolder(input.title) ?? null),
    commands: api.commands.handler(({ context, signal }) =>
      each<string>((push) => context.commands?.(push) ?? (() => undefined), signal),
    ),
  };
}
