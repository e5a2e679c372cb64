import Boxes from "@lucide/svelte/icons/boxes";
import Bug from "@lucide/svelte/icons/bug";
import History from "@lucide/svelte/icons/history";
import Inbox from "@lucide/svelte/icons/inbox";
import Library from "@lucide/svelte/icons/library";
import Package from "@lucide/svelte/icons/package";
import Workflow from "@lucide/svelte/icons/workflow";
import { ask, client } from "../bridge";
import { studio, type Route } from "../state/studio.svelte";
import { frameText } from "../text/frame";

/** A place of the activity bar. */
export interface Place {
  readonly id: string;
  readonly title: string;
  readonly icon: unknown;
  /** The screens it stands for. */
  readonly screens: readonly Route["screen"][];
  readonly go: () => void | Promise<void>;
}

function lastTab(screen: Route["screen"]): Route | undefined {
  return studio.tabs.findLast((tab) => tab.route.screen === screen)?.route;
}

/** Goes to the open workflow, else the one changed last, else the library. */
async function goEditor(): Promise<void> {
  const open = lastTab("editor");
  if (open) return studio.open(open);
  const go = studio.fromHere();
  const rows = await ask(client.workflows.list());
  const latest = rows.ok ? rows.value.toSorted((a, b) => b.changedAt - a.changedAt)[0] : undefined;
  if (latest) go({ screen: "editor", workflowId: latest.id }, latest.name);
  else go({ screen: "library" });
}

/** Goes to the open execution, else the latest, else their list. */
async function goDebugger(): Promise<void> {
  const open = lastTab("execution");
  if (open) return studio.open(open);
  const go = studio.fromHere();
  const page = await ask(client.executions.list({ limit: 1 }));
  const latest = page.ok ? page.value.rows[0] : undefined;
  if (latest) go({ screen: "execution", executionId: latest.id }, `#${latest.number} ${latest.workflowName}`);
  else go({ screen: "executions" });
}

/** The places, top to bottom. */
export const places: readonly Place[] = [
  { id: "go.library", title: frameText.library, icon: Library, screens: ["library"], go: () => studio.openLibrary() },
  { id: "go.editor", title: frameText.editor, icon: Workflow, screens: ["editor"], go: goEditor },
  {
    id: "go.executions",
    title: frameText.executions,
    icon: History,
    screens: ["executions"],
    go: () => studio.openExecutions(),
  },
  { id: "go.debugger", title: frameText.debugger, icon: Bug, screens: ["execution"], go: goDebugger },
  {
    id: "go.bundles",
    title: frameText.bundles,
    icon: Package,
    screens: ["bundles"],
    go: () => studio.open({ screen: "bundles" }),
  },
  {
    id: "go.tasks",
    title: frameText.tasks,
    icon: Inbox,
    screens: ["tasks"],
    go: () => studio.open({ screen: "tasks" }),
  },
  {
    id: "go.workspace",
    title: frameText.workspace,
    icon: Boxes,
    screens: ["workspace"],
    go: () => studio.open({ screen: "workspace" }),
  },
];
