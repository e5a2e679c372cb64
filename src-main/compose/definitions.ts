import semver from "semver";
import { readWorkflow } from "@shared/workflow/file";
import type { DefinitionsPort } from "../engine/ports";
import type { Library } from "../library/library";

/** Finds called workflows in the library: the stored text, if its version is in the range asked for. */
export function definitionsOf(library: Library): DefinitionsPort {
  return {
    resolve: async (id, range) => {
      const stored = library.get(id);
      if (stored === undefined) return undefined;
      const { workflow } = readWorkflow(stored.text, stored.format);
      if (workflow === undefined) return undefined;
      const fits = range === undefined || semver.satisfies(workflow.version ?? "0.0.0", range);
      const folder = library.folderOf(id);
      return fits
        ? { definition: workflow, text: stored.text, ...(folder === undefined ? {} : { folder }) }
        : undefined;
    },
  };
}
