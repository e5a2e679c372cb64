import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import entry from "../../src-main/worker/entry?modulePath";

/*
 * The pool asks for a thread's module by `require`. For a module with a default export Node makes a second module then, and a thread that
 * is ended while it does so aborts the process (`CreateRequiredModuleFacade`, seen once in some 2,000 ends in that moment).
 */
it("the module of a thread has no default export, with which an ended thread could take the host along", async () => {
  const room: object = await import(pathToFileURL(entry).href);
  expect(Object.keys(room)).toContain("work");
  expect(Object.keys(room)).not.toContain("default");
});
