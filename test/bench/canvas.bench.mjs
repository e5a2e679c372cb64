// Workflows of 1,000 and 5,000 components in Chromium over the web host: first render, frames while panning and while dragging a card.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { built, percentile, report, temporaryFolder, webAddress } from "./kit.mjs";

const LANES = 20;
const folder = temporaryFolder("canvas");
const workspace = join(folder, "workspace");

/** Lanes of transforms side by side between a start and a merge. */
function workflow(id, size) {
  const components = [{ id: "begin", type: "start", name: "Begin" }];
  const connections = [];
  const inLane = Math.floor((size - 2) / LANES);
  for (let lane = 0; lane < LANES; lane++) {
    let before = "begin";
    for (let at = 0; at < inLane; at++) {
      const step = `lane_${lane}_step_${at}`;
      const config = { transformation_rules: { computed_fields: { n: "record.n + 1" } } };
      components.push({ id: step, type: "transform", name: `Lane ${lane} step ${at}`, config });
      connections.push({ source: before, target: step });
      before = step;
    }
    connections.push({ source: before, target: "gather" });
  }
  components.push({ id: "gather", type: "merge", name: "Gather" });
  return { id, name: id, version: "1.0.0", components, connections };
}

const sizes = [1000, 5000];
for (const size of sizes) {
  const file = join(folder, `big_${size}.workflow.json`);
  writeFileSync(file, JSON.stringify(workflow(`big_${size}`, size), null, 2));
  const imported = spawnSync(process.execPath, [built("cli.js"), "import", file, "--workspace", workspace], {
    encoding: "utf8",
  });
  if (imported.status !== 0) throw new Error(`import ended with ${imported.status}: ${imported.stderr}`);
}

const web = spawn(process.execPath, [built("web.js"), "--no-open", "--workspace", workspace], {
  stdio: ["ignore", "pipe", "inherit"],
});
const address = await webAddress(web);
const { chromium } = await import("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await page.goto(address);
await page.getByRole("main").first().waitFor();
await page.evaluate(() => {
  // Frame times of this page while `during` goes on.
  window.frames_ = {
    begin() {
      const times = [];
      let last;
      let running = true;
      const tick = (now) => {
        if (last !== undefined) times.push(now - last);
        last = now;
        if (running) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      this.end = () => ((running = false), times);
    },
  };
});

const bare = await framesDuring(() => page.waitForTimeout(1000));
const figures = {};
for (const size of sizes) {
  figures[`${size} first render ms`] = await page.evaluate(async (id) => {
    const from = performance.now();
    location.hash = `#/workflow/${id}`;
    while (document.querySelector(".svelte-flow__node") === null) await new Promise(requestAnimationFrame);
    // A frame later it is on the screen.
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  }, `big_${size}`);
  await page.waitForTimeout(1500);
  const pane = await page.locator(".svelte-flow").first().boundingBox();
  const centre = { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 };
  await page.mouse.move(centre.x, centre.y);
  tell(size, "pan, whole in view", await framesDuring(() => wheel(40)));
  await zoomToCards();
  tell(size, "pan at 100 %", await framesDuring(() => wheel(40)));
  tell(size, "drag", await framesDuring(() => dragCard()));
  await page.evaluate(() => (location.hash = "#/library"));
  await page.locator(".svelte-flow").waitFor({ state: "detached" });
}
await browser.close();
web.kill("SIGTERM");

await report({
  figures,
  limits: { "frames/s of an empty page": 1000 / mean(bare) },
  ratios: { "1000 pan ÷ empty page": figures["1000 pan at 100 % frames/s"] / (1000 / mean(bare)) },
  budgets: { "1000 pan at 100 % frames/s": 55, "1000 drag frames/s": 55 },
});

async function framesDuring(work) {
  await page.evaluate(() => window.frames_.begin());
  await work();
  return page.evaluate(() => window.frames_.end());
}

async function wheel(times) {
  for (let i = 0; i < times; i++) {
    await page.mouse.wheel(i % 20 < 10 ? 24 : -24, i % 20 < 10 ? 16 : -16);
    await page.waitForTimeout(16);
  }
}

/** Near enough that cards are drawn whole. */
async function zoomToCards() {
  await page.getByRole("button", { name: /%/ }).last().click();
  await page.waitForTimeout(700);
}

async function dragCard() {
  const box = await page.evaluate(() => {
    const pane = document.querySelector(".svelte-flow").getBoundingClientRect();
    const isInside = ({ left, right, top, bottom }) =>
      left > pane.left + 20 && right < pane.right - 20 && top > pane.top + 60 && bottom < pane.bottom - 60;
    const cards = [...document.querySelectorAll(".svelte-flow__node")].map((card) => card.getBoundingClientRect());
    const { left, top, width, height } = cards.find(isInside) ?? cards[0];
    return { x: left + width / 2, y: top + height / 2 };
  });
  await page.mouse.move(box.x, box.y);
  await page.mouse.down();
  for (let i = 0; i < 40; i++) {
    await page.mouse.move(box.x + Math.sin(i / 4) * 60, box.y + i);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

function tell(size, what, times) {
  figures[`${size} ${what} frames/s`] = 1000 / mean(times);
  figures[`${size} ${what} p95 ms`] = percentile(times, 95);
}

function mean(times) {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
