import type { Json } from "@shared/base/json";
import type { NameShapes } from "@shared/expression/complete";
import type { Finding } from "@shared/workflow/finding";
import type { Path } from "@shared/workflow/workflow";
import { getContext, setContext } from "svelte";

/** What the value of an expression comes to, for the line beneath its field. */
export interface Live {
  readonly text: string;
  readonly note?: string;
  readonly problem?: boolean;
}

/** What fields need from the form around them. Paths are those of the component, or of the workflow. */
export interface FormContext {
  readonly set: (path: Path, value: Json | undefined) => void;
  readonly findings: (path: Path) => readonly Finding[];
  readonly fix: (finding: Finding) => void;
  /** With `undone`, as what undoes that component sees it. */
  readonly live: (text: string, as: "template" | "condition", undone?: string) => Live | undefined;
  /** The names in scope; with `undone`, those of what undoes that component. */
  readonly shapes: (undone?: string) => NameShapes;
  readonly components: () => readonly { readonly id: string; readonly title: string }[];
  readonly workflows: () => readonly { readonly id: string; readonly name: string }[];
  readonly openCode: (path: Path) => void;
  readonly disabled: () => boolean;
  /** The workspace's secrets, where they may be chosen and made. `store` gives what went wrong. */
  readonly secrets?: {
    readonly names: () => readonly string[];
    readonly store: (name: string, value: string) => Promise<string | undefined>;
  };
  /** The workspace's connections that fit what the form is of; `show` opens them, at one or where a new one is made. */
  readonly connections?: {
    readonly list: () => readonly { readonly name: string; readonly title: string }[];
    readonly show: (name: string) => void;
  };
  /** What a name given to a field's secret begins with: of a connection `CRM`, `CRM_PASSWORD`. */
  readonly secretPrefix?: () => string;
}

const KEY = Symbol("form");

export function provideForm(form: FormContext): void {
  setContext(KEY, form);
}

export function formContext(): FormContext {
  return getContext<FormContext>(KEY);
}
