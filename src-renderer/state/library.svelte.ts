import type { ExampleRow, WorkflowRow } from "@shared/contract/workflows";
import { found, type Search } from "../library/filter";
import { ask, client, follow, onLink } from "../bridge";
import { libraryText } from "../text/library";
import { only, NOTHING, type Selection } from "../ui/selection";
import { having, setOf } from "../ui/sets";
import { latest } from "./latest";
import { notices } from "./notices.svelte";
import { studio } from "./studio.svelte";
import { oneAtATime } from "./under-way";

const FIRST: Search = { place: { kind: "all" }, tags: setOf(), text: "", sort: { by: "changed", down: true } };

/** The workflows of the workspace, what is looked for among them, and what can be done with one. */
export class LibraryState {
  rows = $state.raw<readonly WorkflowRow[]>([]);
  examples = $state.raw<readonly ExampleRow[]>([]);
  /** Whether the host has answered once; before, nothing is known to be missing. */
  loaded = $state(false);
  search = $state.raw<Search>(FIRST);
  selection = $state.raw<Selection>(NOTHING);
  /** The id of the row whose name is being edited. */
  renaming = $state<string | undefined>();
  now = $state(Date.now());
  readonly shown = $derived(found(this.rows, this.search, this.now));
  readonly chosen = $derived(this.rows.find((row) => row.id === this.selection.at));

  /** Follows the library while a screen shows it. */
  watch(): () => void {
    const minute = setInterval(() => {
      this.now = Date.now();
    }, 30_000);
    const stop = follow(
      (signal) => client.workflows.changes(undefined, { signal }),
      () => void this.refresh(),
    );
    // Changes made while the link was lost are told to nobody.
    const unlink = onLink((link) => {
      if (link === "open") void this.refresh();
    });
    void ask(client.workflows.examples()).then((examples) => {
      if (examples.ok) this.examples = examples.value;
    });
    return () => {
      clearInterval(minute);
      unlink();
      stop();
    };
  }

  /** Asks for all rows again; questions that come meanwhile are answered by one more load. */
  readonly refresh = latest(() => this.#load());

  async #load(): Promise<void> {
    const rows = await ask(client.workflows.list());
    this.now = Date.now();
    if (!rows.ok) return;
    this.rows = rows.value;
    this.loaded = true;
    const first = this.shown[0];
    if (this.selection.at === undefined && first) this.selection = only(first.id);
  }

  /** Changes part of the search. */
  look(part: Partial<Search>): void {
    this.search = { ...this.search, ...part };
  }

  /** Shows everything again; the order stays. */
  lookAtAll(): void {
    this.search = { ...FIRST, sort: this.search.sort };
  }

  toggleTag(tag: string): void {
    const { tags } = this.search;
    this.look({ tags: having(tags, tag, !tags.has(tag)) });
  }

  open(row: WorkflowRow): void {
    studio.openWorkflow(row.id, row.name);
  }

  /** Makes a workflow and opens it; `isLeft`: whether the dialog that asked for it was closed meanwhile. */
  async create(text: string, isLeft: () => boolean): Promise<boolean> {
    const open = studio.fromHere(isLeft);
    const made = await ask(client.workflows.create({ text }));
    if (!made.ok) notices.fault(made.problem);
    else open({ screen: "editor", workflowId: made.value.id });
    return made.ok;
  }

  readonly duplicate = oneAtATime(
    (row: WorkflowRow) => this.#duplicate(row),
    (row) => row.id,
  );

  async #duplicate(row: WorkflowRow): Promise<void> {
    const made = await ask(client.workflows.duplicate({ id: row.id }));
    if (!made.ok) return notices.fault(made.problem);
    await this.refresh();
    this.selection = only(made.value.id);
    this.renaming = made.value.id;
  }

  async rename(row: WorkflowRow, name: string): Promise<void> {
    this.renaming = undefined;
    if (name.trim() === "" || name === row.name) return;
    const renamed = await ask(client.workflows.rename({ id: row.id, name: name.trim() }));
    if (!renamed.ok) return notices.fault(renamed.problem);
    studio.rename({ screen: "editor", workflowId: row.id }, name.trim());
    await this.refresh();
  }

  async favourite(row: WorkflowRow): Promise<void> {
    const changed = await ask(client.workflows.favourite({ id: row.id, on: !row.favourite }));
    if (!changed.ok) notices.fault(changed.problem);
    await this.refresh();
  }

  /** Deletes at once and offers to undo it. */
  async delete(row: WorkflowRow): Promise<void> {
    const gone = await ask(client.workflows.delete({ id: row.id }));
    if (!gone.ok) return notices.fault(gone.problem);
    studio.drop({ screen: "editor", workflowId: row.id });
    await this.refresh();
    notices.undoable(libraryText.deleted(row.name), async () => {
      const back = await ask(client.workflows.restore({ id: row.id }));
      if (!back.ok) return notices.fault(back.problem);
      await this.refresh();
      this.selection = only(row.id);
    });
  }

  /** Starts the workflow with the input used last, and shows the execution. */
  readonly run = oneAtATime(
    (row: WorkflowRow) => this.#run(row),
    (row) => row.id,
  );

  async #run(row: WorkflowRow): Promise<void> {
    const open = studio.fromHere();
    const last = await ask(client.executions.lastInput({ workflowId: row.id }));
    const used = last.ok ? last.value[0] : undefined;
    const started = await ask(
      client.executions.start({ workflowId: row.id, input: used?.input ?? {}, parameters: { ...used?.parameters } }),
    );
    if (started.ok) return open({ screen: "execution", executionId: started.value.id }, row.name);
    notices.fault(started.problem);
    // What is missing (a parameter, a repair) is entered in the editor.
    if (started.problem.code === "INVALID") open({ screen: "editor", workflowId: row.id }, row.name);
  }

  /** Copies an example and opens the copy. */
  readonly openCopy = oneAtATime(
    (example: ExampleRow) => this.#openCopy(example),
    (example) => example.id,
  );

  async #openCopy(example: ExampleRow): Promise<void> {
    const open = studio.fromHere();
    const made = await ask(client.workflows.copyExample({ id: example.id }));
    if (made.ok) open({ screen: "editor", workflowId: made.value.id }, example.name);
    else notices.fault(made.problem);
  }
}

/** The window's library. */
export const library = new LibraryState();
