/** Which workflow's bundle is being exported. */
export class Exporting {
  now = $state.raw<{ readonly workflowId: string; readonly text?: string } | undefined>();

  /** Opens the dialog; `text` is the editor's when it is not saved. */
  open(workflowId: string, text?: string): void {
    this.now = { workflowId, text };
  }

  close(): void {
    this.now = undefined;
  }
}

/** The window's export dialog. */
export const exporting = new Exporting();
