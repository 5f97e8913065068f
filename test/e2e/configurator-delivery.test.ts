/** The configurator as it is handed out: how large it is, that it asks nobody else, a QR code before a camera, and simulated boards over the dashboard's server. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import encodeQR from "qr";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../host-sim/bench/dashboard.js";
import { pairingCode, qrPayload } from "../../host-sim/pairing/code.js";
import { buildConfigurator } from "../../scripts/configurator.js";
import { dashboard, session } from "../host-sim/dashboard/rig.js";
import { complaintsOf, gives, says, serveConfigurator, type ServedConfigurator } from "./configurator-page.js";

const secret = Uint8Array.from({ length: 15 }, (_, index) => 200 - 11 * index);
const payload = qrPayload("a0b1c2d3e4f5", secret);

let browser: Browser;
let served: ServedConfigurator;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "camera-"));
  const film = join(folder, "label.y4m");
  writeFileSync(film, filmOf(payload));
  const flags = `--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --use-file-for-fake-video-capture=${film}`.split(" ");
  const [launched, page] = await Promise.all([launchChromium(flags), serveConfigurator()]);
  if (!launched.ok) throw new Error(launched.error.message);
  browser = launched.value;
  served = page;
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A camera's film of a QR code, somewhat off the middle, grey on grey, 640 × 480 in YUV4MPEG2. */
function filmOf(text: string): Buffer {
  const [width, height, scale, left, top] = [640, 480, 8, 150, 90];
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const light = Buffer.alloc(width * height, 150);
  for (const [y, row] of rows.entries()) {
    for (const [x, dark] of row.entries()) {
      for (let line = 0; line < scale; line++) {
        const from = (top + y * scale + line) * width + left + x * scale;
        light.fill(dark ? 40 : 220, from, from + scale);
      }
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, Buffer.alloc((width * height) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

test("the page takes less than 150 KB in all, and what a camera needs is not loaded before it is", () => {
  const sizes = new Map(readdirSync(served.folder).map((name) => [name, gzipSync(readFileSync(join(served.folder, name))).length]));
  const bytes = Array.from(sizes.values()).reduce((sum, each) => sum + each, 0);
  console.log(`configurator: ${bytes} bytes gzipped: ${Array.from(sizes, (each) => each.join(" ")).join(", ")}`);
  expect(bytes).toBeLessThan(150_000);
  expect(Array.from(sizes.keys()).sort()).toEqual(["app.js", "icon.svg", "index.html", "qr-decoder.js", "style.css"]);
  const html = readFileSync(join(served.folder, "index.html"), "utf8");
  expect(html).not.toMatch(/(src|href)="(https?:)?\/|qr-decoder/);
  expect(html).toContain("default-src 'none'");
});

test("building it twice gives the same bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "configurator-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  await buildConfigurator(folder);
  for (const name of readdirSync(folder))
    expect(readFileSync(join(folder, name)).equals(readFileSync(join(served.folder, name))), name).toBe(true);
});

test("a label before the camera fills the code in", async () => {
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  const complaints = complaintsOf(page, served);
  await page.goto(served.url);
  await page.click("text=Scan QR code");
  await says(page, "#code-word", /^The code is complete, and for board a0b1c2d3e4f5\.$/);
  expect(await page.inputValue("#code")).toBe(pairingCode(secret));
  expect(await page.locator("dialog").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("from the simulator's own server the page finds simulated boards, presses their buttons, and connects to them", async () => {
  await buildConfigurator(join(import.meta.dirname, "../../build/configurator"));
  const made = session({}, { speed: 10 });
  cleanups.push(() => made.close());
  const shown = await dashboard(made);
  cleanups.push(() => shown.close());
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  const complaints = complaintsOf(page, { ...served, url: shown.url });
  await page.goto(`${shown.url}configure/?board=board`);
  await says(page, ".boards li.wanted", /^board/);
  await says(page, "#code-word", /^The code is complete, and for board [0-9a-f]{12}\.$/);
  await page.click(".boards button:text-is('Press button')");
  await says(page, ".boards li", /window open/);
  await page.click(".boards button:text-is('Connect')");
  await says(page, "[data-channel=temperature] .value", /^\d/);
  await gives(page, "document.querySelectorAll('.lamp[data-how=good]').length === 3");
  expect(complaints).toEqual([]);
});
