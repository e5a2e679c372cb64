/** The options of `apg run`. */
export interface RunOptions {
  readonly input?: string;
  readonly param: readonly string[];
  readonly env: readonly string[];
  readonly allow: readonly string[];
  readonly faults?: string;
  readonly virtualTime?: boolean;
  readonly from?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly workspace?: string;
}
