import type { HostNotice } from "@shared/contract/host";
import { os } from "./implementer";
import { settingsOf } from "./inputs";
import type { Rooms } from "./rooms";
import { each } from "./ticks";

/** The host itself, and the window at the other end. */
export function hostApi({ info, settings, notices }: Rooms) {
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
    notices: api.notices.handler(({ signal }) => each<HostNotice>((push) => notices(push), signal)),
    commands: api.commands.handler(({ context, signal }) =>
      each<string>((push) => context.commands?.(push) ?? (() => undefined), signal),
    ),
  };
}
