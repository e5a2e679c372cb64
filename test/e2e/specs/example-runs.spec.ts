import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hosts, type Studio } from "../launch";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

describe.each(hosts)("an example on the %s host", (_kind, open) => {
  it("is copied, run, and leaves its rows in its files", async () => {
    studio = await open();
    const { page, workspace, errors } = studio;
    await page
      .getByRole("listitem")
      .filter({ hasText: "Customer Data Processing" })
      .getByRole("button", { name: /open a copy/i })
      .click();
    await page.getByRole("button", { name: /^run/i }).first().click();
    await page
      .getByText(/completed in/i)
      .first()
      .waitFor({ timeout: 60_000 });
    const rows = (name: string) =>
      readFileSync(join(workspace, "files/output", name), "utf8")
        .trim()
        .split("\n").length;
    expect(rows("customers.jsonl")).toBe(168);
    expect(rows("rejected.jsonl")).toBe(16);
    expect(errors).toEqual([]);
  });
});
