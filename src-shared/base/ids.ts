/** The id of a workflow or component: `[a-z][a-z0-9_]*`. */
export const ID_PATTERN = /^[a-z][a-z0-9_]*$/;

/** An execution's id: 26 lower-case characters that sort by the time of the start. */
export type ExecutionId = string;

/**
 * Where a component ran: the ids from the outermost owner inwards, joined by `/`.
 *
 * A branch adds its id, a loop round its number (from 0): `process/demographics/enrich`, `each_order/3/price`.
 */
export type ComponentPath = string;
