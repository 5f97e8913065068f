/** `mote try` and `mote explain` as a person runs them: what they say, how they end, and the page in Chromium. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../host-sim/bench/dashboard.js";
import { running } from "../host-sim/cli/command.js";

const folder = mkdtempSync(join(tmpdir(), "mote-try-"));
afterAll(() => rmSync(folder, { recursive: true }));

const data = join(folder, "data.csv");
beforeAll(() => {
  const rows = Array.from(
    { length: 300 },
    (_, i) => `${new Date(1.76e12 + i * 1000).toISOString().slice(0, 19)}Z,${i === 150 ? 99 : 20 + (i % 10) / 10}`,
  );
  writeFileSync(data, ["timestamp,temperature", ...rows].join("\n") + "\n");
});

function mote(...words: string[]) {
  return running(process.execPath, ["bin/mote.js", ...words]).ended;
}

describe("mote try", () => {
  test("shows what goes in and what comes out", async () => {
    const { code, out, err } = await mote("try", "--stage", "median(5) | delta(0.2)", data);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("300 samples every 1s");
    expect(out).toContain("→ median 5 → delta 0.2");
    expect(out).toMatch(/in +300 samples: min 20, max 99,/);
    expect(out).toMatch(/out +\d+ results: min 20(\.\d)?, max 20\.\d/);
    expect(out).toContain("slow changes show 2s late");
  });

  test("gives rows and JSON for scripts", async () => {
    const csv = await mote("try", "--stage", "throttle(100s)", "--csv", data);
    const lines = csv.out.trim().split("\n");
    expect(lines).toHaveLength(301);
    expect(lines.filter((line) => line.endsWith(",20") && line.split(",")[2] !== "")).toHaveLength(3);
    const json = JSON.parse((await mote("try", "--stage", "throttle(100s)", "--json", data)).out) as { result: { values: number[] } };
    expect(json.result.values).toEqual([20, 20, 20]);
  });

  test.each([
    [["--stage", "medin(5)", "x.csv"], "did you mean median?"],
    [["--stage", "median(4)", "DATA"], "stage 1 (median): window must be"],
    [["--stage", "median(5)"], "a recording is missing"],
    [["DATA"], "--stage is missing"],
    [["--stage", "median(5)", "nowhere.csv"], "nowhere.csv: there is no such file"],
  ])("%j is refused in one line", async (words, message) => {
    const { code, err, out } = await mote("try", ...words.map((word) => (word === "DATA" ? data : word)));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test.each([[["--csv"]], [["--json"]], [[]]])("ends quietly when its reader goes away: %j", async (output) => {
    const long = join(folder, "long.csv");
    writeFileSync(long, "x\n" + Array.from({ length: 100_000 }, (_, i) => i % 10).join("\n"));
    const { child, ended } = running(process.execPath, ["bin/mote.js", "try", "--stage", "offset(1)", ...output, long]);
    child.stdout.destroy();
    const { code, err } = await ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test("takes semicolons and decimal commas", async () => {
    const file = join(folder, "semicolons.csv");
    writeFileSync(file, "time;temp\n0;1,5\n\n1;2,5\n");
    expect((await mote("try", "--stage", "offset(1)", "--csv", file)).out).toBe("timestamp,value,result\n0,1.5,2.5\n1,2.5,3.5\n");
  });

  test("writes a page that shows both without asking for anything else", async () => {
    const page = join(folder, "page.html");
    expect((await mote("try", "--stage", "median(5)", "--html", page, data)).code).toBe(0);
    const launched = await launchChromium();
    if (!launched.ok) throw new Error(launched.error.message);
    const browser = launched.value;
    try {
      const tab = await browser.newPage();
      const complaints: string[] = [];
      tab.on("console", (message) => void complaints.push(message.text()));
      tab.on("pageerror", (error) => void complaints.push(error.message));
      tab.on("request", (request) => void (request.url().startsWith("file:") || complaints.push(request.url())));
      await tab.goto(pathToFileURL(page).href);
      expect(await tab.locator("canvas").count()).toBeGreaterThan(0);
      expect(await tab.locator("h1").textContent()).toBe("median 5");
      // Ink that is not the ground: something was drawn.
      const drawn = await tab.evaluate(
        "(() => { const c = document.querySelector('canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((x) => x !== 0); })()",
      );
      expect(drawn).toBe(true);
      expect(await tab.locator(".u-legend").first().textContent()).toContain("Time");
      const undated = join(folder, "undated.csv");
      writeFileSync(undated, "x\n1\n2\n3\n");
      expect((await mote("try", "--stage", "offset(1)", "--html", page, undated)).code).toBe(0);
      await tab.addInitScript(
        "{ const write = CanvasRenderingContext2D.prototype.fillText; window.written = []; CanvasRenderingContext2D.prototype.fillText = function (text, ...more) { window.written.push(text); return write.call(this, text, ...more); }; }",
      );
      await tab.goto(pathToFileURL(page).href);
      expect(await tab.evaluate("window.written")).toEqual(expect.arrayContaining(["0 s", "1 s", "2 s"]));
      expect(await tab.locator(".u-legend").first().textContent()).toContain("Time");
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe("mote explain", () => {
  test("tells the way of each channel, and gives the app as JSON that runs", async () => {
    const told = await mote("explain");
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/→ median 5 +every 1s +delays by 2s/);
    const { app, channels } = JSON.parse((await mote("explain", "--json")).out) as { app: unknown; channels: unknown[] };
    expect(channels).toHaveLength(6);
    const file = join(folder, "own.json");
    writeFileSync(file, JSON.stringify(app));
    expect((await mote("explain", "--app", file)).out).toBe(told.out);
  });

  test("refuses an app with its place", async () => {
    const file = join(folder, "wrong.json");
    writeFileSync(file, '{"name":"porch","sensors":{},"channels":{"a":{"from":"b","resolution":1},"b":{"from":"a","resolution":1}}}');
    const { code, err } = await mote("explain", "--app", file);
    expect(code).toBe(2);
    expect(err).toContain('channel "a": it takes from itself: "a" from "b" from "a"; break the circle');
  });
});
