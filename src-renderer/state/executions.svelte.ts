import type { ExecutionRow } from "@shared/contract/executions";
import { ask, client } from "../bridge";
import { executionsText } from "../text/executions";
import { only } from "../ui/selection";
import { followed } from "./followed";
import { having, setOf } from "../ui/sets";
import { notices } from "./notices.svelte";
import { PAGE, Paged } from "./paged.svelte";
import { studio } from "./studio.svelte";
import { oneAtATime } from "./under-way";

/** Which executions are shown. `status` empty: all. */
export interface ExecutionSearch {
  readonly workflowId?: string;
  readonly workflowName?: string;
  readonly status: readonly string[];
  readonly search: string;
}

/** The executions of the workspace, newest first, as far as they were scrolled to. */
export class ExecutionsState extends Paged<ExecutionRow> {
  search = $state.raw<ExecutionSearch>({ status: [], search: "" });
  now = $state(Date.now());
  /** Those whose called executions are shown beneath them. */
  opened = $state.raw<ReadonlySet<string>>(setOf());
  readonly chosen = $derived(this.rows.filter((row) => this.selection.keys.has(row.id)));

  /** Follows the list while a screen shows it. */
  watch(): () => void {
    const second = setInterval(() => {
      this.now = Date.now();
    }, 1000);
    const stop = followed(
      (signal) => client.executions.changes(undefined, { signal }),
      () => void this.refresh(),
    );
    return () => {
      clearInterval(second);
      stop();
    };
  }

  protected override page(from: number) {
    const { workflowId, status, search } = this.search;
    return ask(
      client.executions.list({
        workflowId,
        status: status.length > 0 ? [...status] : undefined,
        search: search.trim() || undefined,
        from,
        limit: PAGE,
      }),
    );
  }

  protected override key(row: ExecutionRow): string {
    return row.id;
  }

  protected override settled(): void {
    const [first] = this.rows;
    if (this.selection.at === undefined && first) this.selection = only(first.id);
    this.now = Date.now();
  }

  look(part: Partial<ExecutionSearch>): void {
    this.search = { ...this.search, ...part };
    this.lookAnew();
  }

  toggleStatus(status: string): void {
    this.look({
      status: this.search.status.includes(status)
        ? this.search.status.filter((one) => one !== status)
        : [...this.search.status, status],
    });
  }

  /** Shows or hides the executions that `row` called. */
  branch(row: ExecutionRow, open: boolean): void {
    this.opened = having(this.opened, row.id, open);
  }

  open(row: ExecutionRow): void {
    studio.openExecution(row.id, `#${row.number} ${row.workflowName}`);
  }

  /** Starts the same again, and shows it. */
  readonly again = oneAtATime(
    (row: ExecutionRow, debug: boolean = false) => this.#again(row, debug),
    (row) => row.id,
  );

  async #again(row: ExecutionRow, debug: boolean): Promise<void> {
    const open = studio.fromHere();
    const started = await ask(client.executions.again({ id: row.id, debug }));
    if (started.ok) return open({ screen: "execution", executionId: started.value.id }, row.workflowName);
    notices.fault(started.problem);
    // Sensitive parameters are kept nowhere, so they are entered in the editor.
    if (started.problem.code === "INVALID") open({ screen: "editor", workflowId: row.workflowId }, row.workflowName);
  }

  async cancel(rows: readonly ExecutionRow[]): Promise<void> {
    for (const row of rows.filter((one) => one.live)) {
      const cancelled = await ask(client.executions.cancel({ id: row.id }));
      if (!cancelled.ok) notices.fault(cancelled.problem);
    }
  }

  /** Deletes at once and offers to undo it. */
  async delete(rows: readonly ExecutionRow[]): Promise<void> {
    const ids = rows.filter((row) => !row.live).map((row) => row.id);
    if (ids.length === 0) return;
    const gone = await ask(client.executions.delete({ ids }));
    if (!gone.ok) return notices.fault(gone.problem);
    for (const executionId of ids) studio.drop({ screen: "execution", executionId });
    await this.refresh();
    notices.undoable(executionsText.deleted(gone.value.deleted), async () => {
      const back = await ask(client.executions.restore({ ids }));
      if (!back.ok) return notices.fault(back.problem);
      await this.refresh();
    });
  }
}

/** The window's list of executions. */
export const executions = new ExecutionsState();
