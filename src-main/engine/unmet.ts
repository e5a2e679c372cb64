import type { ExecutionId } from "@shared/base/ids";
import type { SessionParts } from "./course";

/** Of how many ended executions this host knows it. */
const KEPT = 100;

/** The faults on purpose that fitted no attempt of executions that ended here: for those who look afterwards. */
export class Unmet {
  private readonly left = new Map<ExecutionId, readonly string[]>();

  /** An execution has ended; what it called shares its laboratory and says nothing. */
  ended({ head, lab }: SessionParts): void {
    const components = head.parent === undefined ? (lab?.unmet() ?? []) : [];
    if (components.length === 0) return;
    this.left.set(head.id, components);
    const [oldest] = this.left.keys();
    if (this.left.size > KEPT && oldest !== undefined) this.left.delete(oldest);
  }

  /** The components those faults name; of an execution under way, `parts` are its own. */
  of(id: ExecutionId, parts: SessionParts | undefined): readonly string[] {
    if (parts !== undefined) return parts.head.parent === undefined ? (parts.lab?.unmet() ?? []) : [];
    return this.left.get(id) ?? [];
  }
}
