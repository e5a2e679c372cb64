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
// What is undone, what waits for a person, and what the workspace holds.
const saga = `id: order_saga
name: Order Saga
version: 1.0.0
purpose: Take an order, and undo it when it cannot be paid
components:
  - id: reserve_stock
    type: http_request
    name: Reserve stock
    config: {url: "http://sample.apg.test/inventory/reserve", method: POST, body: {order_id: ord_1, lines: [{sku: KB-101, quantity: 1}]}}
  - id: delivery_rates
    type: http_request
    name: Delivery rates
    config: {url: "http://sample.apg.test/orders", cache_result: true, cache_key: delivery_rates}
  - id: charge
    type: http_request
    name: Charge payment
    config: {url: "http://127.0.0.1:9/charge", method: POST, timeout: 2}
    retry_policy: {max_attempts: 3, initial_delay_ms: 300, jitter: false}
    circuit_breaker: {failure_threshold: 3, minimum_request_threshold: 3, recovery_timeout: 600}
  - {id: ship, type: log, name: Ship, config: {message: shipped}}
compensation:
  reserve_stock: {component: http_request, config: {url: "http://sample.apg.test/inventory/release", method: POST, body: {reservation_id: res_1}}}
triggers:
  - {type: schedule, cron: "0 6 * * *", timezone: Africa/Nairobi}
  - {type: webhook, path: /hooks/orders, method: POST}
`;
const approval = `id: approve_invoice
name: Approve Invoice
version: 1.0.0
purpose: Ask a person before an invoice is paid
components:
  - id: approve
    type: human_task
    name: Approve invoice
    description: Amounts above 1,000 need a second pair of eyes.
    config:
      assignee: M. Okafor
      deadline: 2h
      form:
        type: object
        required: [decision]
        properties:
          decision: {type: string, title: Decision, enum: [approve, reject]}
          amount: {type: number, title: Amount approved, default: 1200}
          notify_supplier: {type: boolean, title: Tell the supplier, default: true}
          comment: {type: string, title: Comment}
  - {id: pay, type: log, name: Pay, config: {message: "{{ approve.output.decision }}"}}
`;
writeFileSync(join(work, "saga.workflow.yaml"), saga);
writeFileSync(join(work, "approval.workflow.yaml"), approval);
writeFileSync(join(work, "crm.env"), "CRM_TOKEN=one\nSMTP_PASSWORD=two\nWAREHOUSE_PASSWORD=three\n");
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
const made = ["busy", "untidy", "saga", "approval"].map((name) => join(work, `${name}.workflow.yaml`));
apg("import", ...files, ...made);
apg("secrets", "import", join(work, "crm.env"));
apg(
  "connections",
  "set",
  "warehouse",
  "--kind",
  "postgresql",
  "host=db.example.com",
  "database=sales",
  "user=etl",
  "password={{ secrets.WAREHOUSE_PASSWORD }}",
);
apg("connections", "set", "crm", "--kind", "http", "base_url=https://crm.example.com/v2");
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
  await open("Approve Invoice");
  await page.keyboard.press("Control+Enter");
  await page.locator('.svelte-flow__node[data-id="approve"]').getByText(/left/).waitFor();
  await open("Order Saga");
  await page.keyboard.press("Control+Enter");
  await page
    .locator('.svelte-flow__node[data-id="reserve_stock"]')
    .getByText(/^undone/)
    .waitFor();
  await page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Executions" }).click();
  await page.locator("[data-row]").filter({ hasText: "Order Saga" }).first().dblclick();
  await page.locator('.svelte-flow__node[data-id="charge"]').click();
  await page.getByRole("tab", { name: "Attempts" }).click();
  await page.waitForTimeout(700);
  await picture("undone");
  const places = page.getByRole("navigation", { name: "Places" });
  await places.getByRole("button", { name: /^Tasks/ }).click();
  await page.waitForTimeout(500);
  await picture("tasks");
  await places.getByRole("button", { name: "Workspace" }).click();
  for (const part of ["Connections", "Circuit breakers"]) {
    if (width < 1200) await page.getByRole("button", { name: "Parts of the workspace" }).click();
    await page
      .getByRole("button", { name: new RegExp(`^${part}`) })
      .first()
      .click();
    await page.waitForTimeout(500);
    await picture(part === "Connections" ? "connections" : "breakers");
  }
  // The next round begins without this breakpoint.
  await open("Customer Data Processing");
  await page.locator('.svelte-flow__node[data-id="merge_customer_profiles"]').click();
  await page.keyboard.press("F9");
  await page.waitForTimeout(500);
  await context.close();
}
