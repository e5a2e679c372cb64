import type { Severity } from "@shared/workflow/finding";

/** Which severities the list of problems shows. */
export class ProblemFilter {
  hidden = $state.raw<readonly Severity[]>([]);

  shows(severity: Severity): boolean {
    return !this.hidden.includes(severity);
  }

  toggle(severity: Severity): void {
    this.hidden = this.shows(severity) ? [...this.hidden, severity] : this.hidden.filter((other) => other !== severity);
  }
}
