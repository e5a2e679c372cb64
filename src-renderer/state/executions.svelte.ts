import type { ExecutionRow } from "@shared/contract/executions";
import { ask, client, follow, onLink } from "../bridge";
import { executionsText } from "../text/executions";
import { NOTHING, only, type Selection } from "../ui/selection";
import { latest } from "./latest";
import { having, setOf } from "../ui/sets";
import { notices } from "./notices.svelte";
import { studio } from "./studio.svelte";

/** Which executions are shown. `status` empty: all. */
export interface ExecutionSearch {
  readonly workflowId?: string;
  readonly workflowName?: string;
  readonly status: readonly string[];
  readonly search: string;
}

const PAGE = 200;

/** The executions of the workspace, newest first, as far as they were scrolled to. */
export class ExecutionsState {
  rows = $state.raw<readonly ExecutionRow[]>([]);
  total = $state(0);
  /** Of all that the search finds. */
  bytes = $state(0);
  loaded = $state(false);
  search = $state.raw<ExecutionSearch>({ status: [], search: "" });
  selection = $state.raw<Selection>(NOTHING);
  now = $state(Date.now());
  /** Those whose called executions are shown beneath them. */
  opened = $state.raw<ReadonlySet<string>>(setOf());
  readonly chosen = $derived(this.rows.filter((row) => this.selection.keys.has(row.id)));
  #asked = 0;
  #loading = false;

  /** Follows the list while a screen shows it. */
  watch(): () => void {
    const second = setInterval(() => {
      this.now = Date.now();
    }, 1000);
    const stop = follow(
      (signal) => client.executions.changes(undefined, { signal }),
      () => void this.refresh(),
    );
    // Changes made while the link was lost are told to nobody.
    const unlink = onLink((link) => {
      if (link === "open") void this.refresh();
    });
    return () => {
      clearInterval(second);
      unlink();
      stop();
    };
  }

  /** Asks again for everything that was scrolled to. */
  readonly refresh = latest(() => this.#load());

  async #load(): Promise<void> {
    const mine = ++this.#asked;
    const rows: ExecutionRow[] = [];
    const wanted = Math.max(PAGE, this.rows.length);
    do {
      const page = await this.#page(rows.length);
      if (mine !== this.#asked) return;
      if (!page.ok) return;
      rows.push(...page.value.rows);
      this.total = page.value.total;
      this.bytes = page.value.bytes;
      if (page.value.rows.length < PAGE) break;
    } while (rows.length < wanted);
    this.rows = rows;
    this.loaded = true;
    const first = rows[0];
    if (this.selection.at === undefined && first) this.selection = only(first.id);
    this.now = Date.now();
  }

  #page(from: number) {
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

  /** Loads the next page when `index` comes near the end of what is there. */
  async see(index: number): Promise<void> {
    if (this.#loading || this.rows.length >= this.total || index < this.rows.length - 40) return;
    this.#loading = true;
    const mine = this.#asked;
    const page = await this.#page(this.rows.length);
    this.#loading = false;
    if (!page.ok || mine !== this.#asked) return;
    const known = setOf(this.rows.map((row) => row.id));
    this.rows = [...this.rows, ...page.value.rows.filter((row) => !known.has(row.id))];
  }

  look(part: Partial<ExecutionSearch>): void {
    this.search = { ...this.search, ...part };
    // Pages on their way belong to the search before.
    this.#asked++;
    void this.refresh();
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

  async again(row: ExecutionRow, debug = false): Promise<void> {
    const started = await ask(client.executions.again({ id: row.id, debug }));
    if (started.ok) return studio.openExecution(started.value.id, row.workflowName);
    notices.fault(started.problem);
    // Sensitive parameters are kept nowhere, so they are entered in the editor.
    if (started.problem.code === "INVALID") studio.openWorkflow(row.workflowId, row.workflowName);
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
