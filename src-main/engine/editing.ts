import type { ComponentPath } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import { keeper, type Keeper } from "@shared/execution/keep";
import { openerOf } from "@shared/execution/opened";
import { configAfterEdit } from "@shared/execution/prepare";
import { componentAt } from "@shared/execution/read";
import type { Value } from "@shared/execution/value";
import { privacyOf } from "@shared/workflow/privacy";
import { edited, editedConfig } from "./edited";
import type { Session } from "./session";

/** Changes what the component held at `path` gets. */
export function editHeld(
  session: Session,
  path: ComponentPath,
  change: { readonly input?: Json; readonly config?: Json },
): void {
  session.post(() => {
    const keep = keeper(`${path}^${session.state.seq}`, privacyOf(session.plan.workflow).sealed);
    const before = componentAt(session.plan, session.state, path)?.state;
    const at = session.rooms.clock.now();
    const input = change.input === undefined ? {} : { input: edited(change.input, before?.input, keep) };
    const config =
      change.config === undefined
        ? evaluatedAgain(session, path, input, keep)
        : editedConfig(change.config, before?.config, keep);
    session.take({ kind: "input-edited", at, path, ...input, ...config }, keep.kept());
    session.gate.changed();
  });
}

/** A changed input changes what the config's expressions made of it. */
function evaluatedAgain(
  session: Session,
  path: ComponentPath,
  { input }: { readonly input?: Value },
  keep: Keeper,
): { readonly config?: Value; readonly items?: number } {
  if (input === undefined) return {};
  const { plan, state, rooms } = session;
  const opener = openerOf((kind, text) => session.text(kind, text));
  const access = { read: opener.read, mark: keep.seal, keep: keep.shrink };
  return configAfterEdit(plan, state, path, input, access, rooms.clock.now(), () => performance.now()) ?? {};
}
