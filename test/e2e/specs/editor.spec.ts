import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { EditorPage } from "../pages/editor-page";
import { LibraryPage } from "../pages/library-page";
import { THREE_STEPS } from "../pages/texts";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

/** Two components, a comment at each turn, and a warning that can be mended. */
const COMMENTED = `# Owner: CRM team.
apg: 1
id: commented
name: Commented
components:
  # Asks for the customers.
  - id: fetch
    type: http_request
    name: Fetch
    config: { url: "http://sample.apg.test/v2/customers" } # all of them
  - id: note
    type: log
    name: Note
    config: { message: "done" }
connections:
  - { source: fetch, target: note }
`;

async function editor(): Promise<EditorPage> {
  studio = await openWeb();
  studio.page.setDefaultTimeout(10_000);
  return new EditorPage(studio.page);
}

async function editorOf(text: string): Promise<EditorPage> {
  const on = await editor();
  await on.openText(text);
  return on;
}

describe("a workflow drawn from nothing", () => {
  it("is added to by key, by mouse and by name, connected and run", async () => {
    const on = await editor();
    await new LibraryPage(on.page).create("Say Hello");
    await on.page.getByText("This workflow has no components.").waitFor();
    // The new canvas has the focus, so that what it says works at once.
    await on.quickAdd("code");
    await on.quickAdd("log");
    await expect.poll(() => on.connections.count()).toBe(1);
    await on.drop("Sort", { x: 420, y: 420 });
    await on.card("sort").waitFor();
    await on.connect("log", "sort");
    await expect.poll(() => on.connections.count()).toBe(2);
    await on.page.keyboard.press("Control+z");
    await on.page.keyboard.press("Control+z");
    await on.card("sort").waitFor({ state: "detached" });
    await on.page.keyboard.press("Control+Enter");
    await expect.poll(() => on.says("log")).toMatch(/ms$/);
    expect(studio?.errors).toEqual([]);
  });

  it("is connected by keys", async () => {
    const on = await editorOf(THREE_STEPS);
    await on.card("first").click();
    await on.page.keyboard.press("c");
    await on.page.getByText("Connect First:").waitFor();
    await on.page.keyboard.press("ArrowDown");
    await on.page.keyboard.press("ArrowDown");
    await on.page.keyboard.press("Enter");
    await expect.poll(() => on.connections.count()).toBe(3);
  });

  it("keeps the focus where the last of quick keys took it", async () => {
    const on = await editorOf(THREE_STEPS);
    await on.card("first").click();
    const went = await on.page.evaluate(async () => {
      const frame = (): Promise<number> => new Promise((drawn) => requestAnimationFrame(drawn));
      const ids: (string | undefined)[] = [];
      const note = ({ target }: FocusEvent): number => ids.push((target as HTMLElement).dataset["id"]);
      document.addEventListener("focusin", note);
      for (let times = 0; times < 2; times++) {
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
        await frame();
      }
      for (let frames = 0; frames < 10; frames++) await frame();
      document.removeEventListener("focusin", note);
      return ids;
    });
    expect(went).toEqual(["second", "third"]);
  });

  it("has connections whose ends are moved", async () => {
    const on = await editorOf(THREE_STEPS);
    await on.connections.last().locator(".wire-hit").click({ force: true });
    await on.drag(
      on.page.locator(".svelte-flow__edgeupdater-source"),
      on.card("first").locator(".svelte-flow__handle.source").first(),
    );
    await expect.poll(() => on.shownText()).toContain("{ source: first, target: third }");
    expect(await on.connections.count()).toBe(2);
  });
});

describe("a text that is no workflow", () => {
  it("says what it is instead, is not run, and becomes a workflow with its first component", async () => {
    const on = await editorOf(COMMENTED);
    const said = on.page.locator(".notice-bar");
    const notices = on.page.getByRole("region", { name: "Notices" });
    const put = async (text: string): Promise<void> => {
      await on.textBox.click();
      await on.page.keyboard.press("Control+a");
      await on.page.keyboard.press("Delete");
      if (text !== "") await on.appendText(text);
    };
    const data = "This is no workflow but other data (customer, sku). A workflow has id, name and components; give";
    await put('{"customer": "Njeri", "sku": "KB-101"}');
    await said.getByText(data).waitFor();
    expect((await new AxeBuilder({ page: on.page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    await on.page.keyboard.press("Control+Enter");
    await notices.getByText(data).waitFor();
    await on.page.getByRole("tab", { name: /^Runs/ }).click();
    await on.page.getByText("This workflow has not run yet.").waitFor();

    await put("- {sku: KB-101}\n- {sku: KB-102}\n");
    await said.getByText("a list of 2 records (sku)").waitFor();
    await on.page.keyboard.press("Control+Enter");
    await notices.getByText("a list of 2 records (sku)").waitFor();

    await put("- id: greet\n  type: log\n  config: { message: hi }\n");
    await said.getByText("This is a list of components; it is read as a workflow of them.").waitFor();
    await said.getByRole("button", { name: "Write it as a workflow" }).click();
    await said.waitFor({ state: "detached" });
    await expect.poll(() => on.shownText()).toContain("id: workflow\ncomponents:\n  - id: greet");

    await put("");
    await said.getByText("This is no workflow: the text is empty.").waitFor();
    await on.page.getByText("This workflow has no components.").waitFor();
    await on.add("Log");
    await said.waitFor({ state: "detached" });
    await expect.poll(() => on.shownText()).toContain("type: log");
  });
});

describe("the text", () => {
  it("keeps its comments, and the picture, while it cannot be read", async () => {
    const on = await editorOf(COMMENTED);
    await on.appendText("outputs: { total: [1\n");
    await on.page.getByText("The text has errors. The canvas shows the last version that could be read.").waitFor();
    expect(await on.cards.count()).toBe(2);
    await on.card("note").click();
    await on.page.keyboard.press("Delete");
    await on.page.getByText(/the canvas changes nothing/).waitFor();
    expect(await on.cards.count()).toBe(2);
    await on.page.keyboard.press("Control+z");
    await expect.poll(() => on.shownText()).toBe(COMMENTED.trimEnd());
    await on.card("note").click();
    await on.page.keyboard.press("Delete");
    await on.card("note").waitFor({ state: "detached" });
    const text = await on.shownText();
    for (const comment of ["# Owner: CRM team.", "# Asks for the customers.", "# all of them"])
      expect(text).toContain(comment);
  });

  it("leaves the studio's keys to the studio", async () => {
    const on = await editorOf(THREE_STEPS);
    await on.appendText("# seen\n");
    await on.save();
    await on.page.getByText(/^Saved \d/).waitFor();
    await on.page.keyboard.press("Control+Enter");
    await expect.poll(() => on.says("second")).toMatch(/^component error/);
    expect(await on.shownText()).toBe(`${THREE_STEPS}# seen`);
    await on.card("second").click();
    await on.page.getByRole("complementary", { name: "Second" }).getByText("only the EU is served, not US").waitFor();
  });
});

describe("undo", () => {
  it("goes back through every view to the first letter", async () => {
    const on = await editorOf(COMMENTED);
    await on.card("note").click();
    await on.page.keyboard.press("Control+d");
    await expect.poll(() => on.cards.count()).toBe(3);
    await on.page.keyboard.press("Alt+ArrowRight");
    await on.card("note").click();
    await on.page.keyboard.press("F2");
    await on.page.keyboard.type("Tell");
    await on.card("note").getByText("Tell", { exact: true }).waitFor();
    await on.card("fetch").click();
    await on.page.keyboard.press("Delete");
    await on.card("fetch").waitFor({ state: "detached" });
    const undo = on.page.getByRole("button", { name: "Undo" });
    while (await undo.isEnabled()) await undo.click();
    await expect.poll(() => on.shownText()).toBe(COMMENTED.trimEnd());
    const redo = on.page.getByRole("button", { name: "Redo" });
    while (await redo.isEnabled()) await redo.click();
    await on.card("note").getByText("Tell", { exact: true }).waitFor();
    expect(await on.card("fetch").count()).toBe(0);
  });

  it("is there after the screen was left and opened again", async () => {
    const on = await editorOf(COMMENTED);
    await new LibraryPage(on.page).show();
    await on.page.getByRole("navigation", { name: "Open workflows" }).getByText("Commented").click();
    await on.card("note").click();
    await on.page.keyboard.press("Delete");
    await on.card("note").waitFor({ state: "detached" });
    await on.page.keyboard.press("Control+z");
    await on.card("note").waitFor();
    expect(studio?.errors).toEqual([]);
  });
});

describe("problems", () => {
  it("are mended by what stands beside them", async () => {
    const on = await editorOf(COMMENTED);
    const row = on.problems.getByRole("listitem").filter({ hasText: "remote-call-retry" });
    await row.waitFor();
    await row.locator(".link").click();
    await row.waitFor({ state: "detached" });
    expect(await on.shownText()).toContain("retry_policy:");
    await on.page.keyboard.press("Control+z");
    await row.waitFor();
    expect(await on.shownText()).toBe(COMMENTED.trimEnd());
  });
});

describe("two windows on one workflow", () => {
  it("never write over each other unasked", async () => {
    const on = await editorOf(COMMENTED);
    const second = await on.page.context().newPage();
    const address = await on.page.evaluate(
      () => `${location.origin}/?token=${sessionStorage.getItem("apg-token")}#/workflow/commented`,
    );
    await second.goto(address);
    const other = new EditorPage(second);
    await other.card("note").waitFor();
    await other.textBox.waitFor();
    await other.appendText("# theirs\n");
    await other.save();
    await second.getByText(/^Saved \d/).waitFor();

    await on.appendText("# mine\n");
    await on.save();
    const dialog = on.page.getByRole("dialog", { name: "Someone else saved this workflow" });
    await dialog.getByRole("button", { name: "See both" }).click();
    await dialog.getByText("# theirs").waitFor();
    await dialog.getByText("# mine").waitFor();
    await dialog.getByRole("button", { name: "Take theirs" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => on.shownText()).toBe(`${COMMENTED}# theirs`);
    await on.page.keyboard.press("Control+z");
    await expect.poll(() => on.shownText()).toBe(`${COMMENTED}# mine`);
  });
});

describe("the editor", () => {
  it("has nothing that a reader or a keyboard cannot use", async () => {
    const on = await editorOf(COMMENTED);
    await on.card("fetch").click();
    // Colours in transition are nobody's colours.
    await on.page.emulateMedia({ reducedMotion: "reduce" });
    for (const theme of ["light", "dark", "contrast"]) {
      await on.page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      const found = await new AxeBuilder({ page: on.page }).analyze();
      expect(found.violations.map((one) => `${theme} ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    }
    expect(studio?.errors).toEqual([]);
  });
});
