// Takes the pictures of docs/images from the running studio: `node test/e2e/pictures.mjs` after a build (CHROME_PATH names the browser).
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const images = join(root, "docs/images");
const work = mkdtempSync(join(tmpdir(), "apg-pictures-"));
const workspace = join(work, "crm-pipelines");
const env = { ...process.env, XDG_DATA_HOME: join(work, "user") };
const apg = (...args) =>
  spawnSync(process.execPath, [join(root, "out/main/cli.js"), ...args, "--workspace", workspace], {
    encoding: "utf8",
    env,
  });

// A workflow worth a picture: the example, with findings to show and a service that takes its time.
const example = readFileSync(join(root, "resources/examples/customer_data_processing.workflow.yaml"), "utf8");
const busy = example
  .replace("{{ enrichment_url }}/purchases", "http://sample.apg.test/slow/purchases?ms=9000")
  .replace(/^id: .*$/m, "id: nightly_customer_load")
  .replace(/^name: .*$/m, "name: Nightly Customer Load");
const untidy = example
  .replace(/^ {6}timeout: 30\n/m, "      retry_attempts: 3\n")
  .replace(/^ {4}retry_policy: .*\n/m, "")
  .replace(/^parameters:\n/m, "parameters:\n  batch_size: {type: integer, default: 200}\n")
  .replace(/^id: .*$/m, "id: customer_intake")
  .replace(/^name: .*$/m, "name: Customer Intake");
writeFileSync(join(work, "busy.workflow.yaml"), busy);
writeFileSync(join(work, "untidy.workflow.yaml"), untidy);
const examples = [
  "customer_data_processing",
  "airports_flights",
  "weather_analysis",
  "fulfil_order",
  "orders_in_a_loop",
  "hello_parallel",
  "ticket_routing",
];
const files = examples.map((name) => join(root, "resources/examples", `${name}.workflow.yaml`));
apg("import", ...files, join(work, "busy.workflow.yaml"), join(work, "untidy.workflow.yaml"));
for (const [index, file] of files.entries()) {
  const input = file.replace(".workflow.yaml", ".input.json");
  for (let round = 0; round < (index === 0 ? 4 : 2); round++) apg("run", file, "--quiet", "--input", input);
}

const host = spawn(process.execPath, [join(root, "out/main/web.js"), "--no-open", "--workspace", workspace], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
const address = await new Promise((found) => {
  let said = "";
  host.stdout.on("data", (data) => {
    said += data;
    const line = /http:\S+/.exec(said);
    if (line) found(line[0]);
  });
});
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"],
});
try {
  for (const colorScheme of ["dark", "light"]) {
    await pictures(1440, 900, colorScheme, "");
    await pictures(1024, 700, colorScheme, "-1024");
  }
} finally {
  await browser.close();
  host.kill("SIGTERM");
  await new Promise((ended) => host.once("exit", ended));
  rmSync(work, { recursive: true, force: true });
}

async function pictures(width, height, colorScheme, suffix) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const picture = (name) => page.screenshot({ path: join(images, `${name}${suffix}-${colorScheme}.png`) });
  const open = async (name) => {
    await page.goto(address);
    await page.locator("[data-row]").filter({ hasText: name }).first().click();
    await page.keyboard.press("Enter");
    await page.locator(".svelte-flow__node").first().waitFor();
    if (width > 1200) await page.locator(".monaco-editor .view-line").first().waitFor();
    await page.waitForTimeout(700);
  };
  await page.goto(address);
  await page.locator("[data-row]").filter({ hasText: "Customer Data Processing" }).first().click();
  await page.waitForTimeout(700);
  await picture("library");

  await open("Customer Data Processing");
  await page.locator('.svelte-flow__node[data-id="extract_crm_customers"]').click();
  await page.waitForTimeout(500);
  await picture("editor");

  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await page.waitForTimeout(1000);
  await picture("export");
  await page.keyboard.press("Escape");

  await open("Customer Intake");
  if (width < 1200) await page.getByRole("tab", { name: /^Problems/ }).click();
  await page.waitForTimeout(700);
  await picture("problems");

  await open("Nightly Customer Load");
  await page.keyboard.press("Control+Enter");
  await page
    .locator('.svelte-flow__node[data-id="request_purchases"]')
    .getByText(/running|asking|POST|\d/)
    .first()
    .waitFor();
  await page.waitForTimeout(4000);
  await picture("running");

  await open("Customer Data Processing");
  await page.locator('.svelte-flow__node[data-id="merge_customer_profiles"]').click();
  await page.keyboard.press("F9");
  await page.keyboard.press("F5");
  await page.waitForURL(/#\/execution\//);
  await page.locator(".banner.held").waitFor();
  await page.waitForTimeout(1500);
  await picture("held");
  await page.keyboard.press("F5");
  await page.waitForTimeout(1500);
  // The next round begins without this breakpoint.
  await open("Customer Data Processing");
  await page.locator('.svelte-flow__node[data-id="merge_customer_profiles"]').click();
  await page.keyboard.press("F9");
  await page.waitForTimeout(500);
  await context.close();
}
