import type { SchemaProblem } from "../store/schema";

/** Why the workspace in `folder` cannot be opened, and what to do. */
export function newerWorkspace(folder: string, { version, known }: SchemaProblem): string {
  return `The workspace ${folder} was made by a newer studio (format ${version}; this one reads ${known}). Install the newer studio, or name another folder with --workspace.`;
}
