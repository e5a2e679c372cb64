/** One line of a menu. */
export type MenuItem =
  | {
      readonly title: string;
      readonly icon?: unknown;
      readonly keys?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly checked?: boolean;
      readonly run: () => void;
    }
  | { readonly line: true }
  | { readonly head: string };
