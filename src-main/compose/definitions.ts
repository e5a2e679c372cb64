import semver from "semver";
import { readWorkflow } from "@shared/workflow/file";
import type { DefinitionsPort } from "../engine/ports";
import type { Library } from "../library/library";

/** Finds called workflows as files in `folder`, else with `otherwise`. */
export function definitionsBeside(folder: string, otherwise: DefinitionsPort): DefinitionsPort {
  return {
    resolve: async (id, range) => {
      const { findBeside } = await import("../bundle/collect");
      const found = await findBeside(folder)(id);
      if (found === undefined) return otherwise.resolve(id, range);
      const { workflow } = readWorkflow(found.text, found.format);
      // Its relative paths start where the caller's do.
      return workflow !== undefined && isIn(workflow.version, range)
        ? { definition: workflow, text: found.text }
        : undefined;
    },
  };
}

/** Finds called workflows in the library: the stored text, if its version is in the range asked for. */
export function definitionsOf(library: Library): DefinitionsPort {
  return {
    resolve: async (id, range) => {
      const stored = library.get(id);
      if (stored === undefined) return undefined;
      const { workflow } = readWorkflow(stored.text, stored.format);
      if (workflow === undefined) return undefined;
      const folder = library.folderOf(id);
      return isIn(workflow.version, range)
        ? { definition: workflow, text: stored.text, ...(folder === undefined ? {} : { folder }) }
        : undefined;
    },
  };
}

function isIn(version: string | undefined, range: string | undefined): boolean {
  return range === undefined || semver.satisfies(version ?? "0.0.0", range);
}
