import { isJsonObject, type Json } from "@shared/base/json";
import type { Path } from "@shared/workflow/workflow";
import { outlineOf } from "../canvas/outline";
import type { DocumentState } from "../state/document.svelte";

/** A key of a component that is edited as code. */
export interface CodeTab {
  readonly component: string;
  readonly path: Path;
}

/** The code that is open beside the workflow's text. */
export class CodeTabs {
  list = $state.raw<readonly CodeTab[]>([]);
  #shown = $state<string | undefined>();
  readonly current = $derived(this.list.find((tab) => tab.component === this.#shown));

  open(component: string, path: Path): void {
    if (!this.list.some((tab) => tab.component === component)) this.list = [...this.list, { component, path }];
    this.#shown = component;
  }

  show(component: string | undefined): void {
    this.#shown = component;
  }

  close(component: string): void {
    this.list = this.list.filter((tab) => tab.component !== component);
    if (this.#shown === component) this.#shown = undefined;
  }

  /** The code of a tab; nothing once its component is gone. */
  sourceOf(
    doc: DocumentState,
    tab: CodeTab,
  ): { readonly text: string; readonly language: "javascript" | "typescript" } | undefined {
    const component = doc.workflow ? outlineOf(doc.workflow).pieces.get(tab.component)?.component : undefined;
    if (!component) return undefined;
    let value: Json | undefined = component as unknown as Json;
    for (const key of tab.path) value = isJsonObject(value) ? value[key] : undefined;
    const language =
      isJsonObject(component.config) && component.config.language === "typescript" ? "typescript" : "javascript";
    return { text: typeof value === "string" ? value : "", language };
  }
}
