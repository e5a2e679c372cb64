/** Makes a command's action of a function that gives its exit code. */
export type Does = <A extends unknown[]>(action: (...args: A) => Promise<number>) => (...given: A) => Promise<void>;
