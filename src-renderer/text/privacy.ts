import type { Erased } from "@shared/contract/privacy";
import { amount } from "./format";

function parts({ executions, cached, events }: Erased): string {
  return `${amount(executions, "execution")}, ${amount(cached, "cached value")} and ${amount(events, "event payload")}`;
}

/** What the settings say of personal data. */
export const privacyText = {
  title: "Privacy",
  help: "Removes for good what executions, cached values and events kept of a person. Files that workflows wrote and systems they wrote to are not reached.",
  value: "Value that names the person",
  valueHelp: "Such as a mail address, in any letter case.",
  valuePlaceholder: "ada@example.com",
  field: "Field that holds it",
  fieldHelp: "At any depth. Empty: any place, texts that mention it too.",
  anyField: "any place",
  workflow: "Workflow",
  anyWorkflow: "All workflows",
  count: "Count what is kept",
  counting: "Counting",
  nothing: "Nothing is kept of this value.",
  would: (counted: Erased) => `${parts(counted)} would be removed for good.`,
  removed: (report: Erased) => `${parts(report)} are removed for good.`,
  underWay: (count: number) =>
    count === 1
      ? "1 execution under way holds it too and stays: erase again once it has ended."
      : `${count} executions under way hold it too and stay: erase again once they have ended.`,
  elsewhere: (count: number, field: string) =>
    count === 1
      ? `1 execution holds it outside of ${field} and stays. Without a field it goes too.`
      : `${count} executions hold it outside of ${field} and stay. Without a field they go too.`,
  traces:
    "Traces may be left in the database's free pages. Close the studios of this workspace and erase again with apg privacy erase.",
  again: "The value once more",
  againHelp: "This cannot be undone.",
  erase: "Erase for good",
  erasing: "Erasing",
};
