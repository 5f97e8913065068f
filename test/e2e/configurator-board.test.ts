/** What the configurator shows of an open board, one of the tests' own: every part of it is readable, and nothing happens that was not seen before. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { gives, says } from "./configurator-page.js";
import { fake, FakeRig, focused, looksRight, pair } from "./configurator-rig.js";

let rig: FakeRig;
beforeAll(async () => {
  rig = await FakeRig.start();
});
afterAll(() => rig?.close());
afterEach(() => rig.clean());

// Much at once goes on where tests run.
describe("an open board", { timeout: 120_000 }, () => {
  test("every part of it is readable", async () => {
    const { page, complaints } = await rig.paired();
    await says(page, "[data-channel=temperature] .value", /^\d+(\.\d{1,2})?$/);
    await says(page, "[data-channel=rain] .note", /no reading: bus: no answer/);
    await looksRight(page, "readings");
    for (const [tab, selector, form] of [
      ["wifi", ".network", /Guests/],
      ["settings", "[data-name='wifi.password'] button", /Set: replace/],
      ["calibration", ".rawnow", /Raw now: 20\.5/],
      ["log", ".lines", /connected/],
      ["device", ".device .facts", /greenhouse/],
    ] as const) {
      await page.click(`#tab-${tab}`);
      await says(page, selector, form);
      await looksRight(page, tab);
    }
    await page.click("text=Factory reset …");
    await looksRight(page, "factory reset");
    expect(complaints).toEqual([]);
  });

  test("a change is checked, shown before it is made, and marked; secrets are never seen", async () => {
    const { page, complaints } = await rig.paired();
    await page.click("#tab-settings");
    await page.fill("#setting-broker-port", "70000");
    await says(page, "[data-name='broker.port'] .mistake", /^broker.port must be a whole number from 1 to 65535, not 70000$/);
    await page.click("text=Review …");
    expect(await focused(page)).toBe("setting-broker-port");
    await page.fill("#setting-broker-port", "8883");
    await page.click("[data-name='broker.password'] button:has-text('enter')");
    expect(await focused(page)).toBe("setting-broker-password");
    await page.keyboard.type("hunter22");
    await page.click("[data-name='journal.blockS'] button:has-text('Reset')");
    await looksRight(page, "edited settings");
    await page.click("text=Review …");
    const rows = (await page.evaluate(
      "[...document.querySelectorAll('.diff tbody tr')].map((row) => row.innerText.replace(/\\s+/g, ' '))",
    )) as string[];
    expect(rows.map((row) => row.trim())).toEqual([
      expect.stringMatching(/^broker.port 1883 .*8883 is tried first$/),
      expect.stringMatching(/^broker.password empty .*•••••• is tried first$/),
      expect.stringMatching(/^journal.blockS 30 s .*what is built in, or 60 s is tried first ?with a restart$/),
    ]);
    await says(page, "dialog", /All of these changes go on trial together/);
    expect(await page.content()).not.toContain("hunter22");
    await looksRight(page, "the difference");
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /On trial/);
    expect(await focused(page)).toBe("trial-title");
    await says(page, "[data-name='broker.port'] .mark", /^on trial now$/);
    await says(page, "[data-name='broker.host'] .mark", /^is tried first$/);
    // A restart is not asked for while it may be undone.
    await says(page, ".trial .steps", /Once it is kept, these need a restart: journal.blockS/);
    expect(await page.locator("dialog").count()).toBe(0);
    await looksRight(page, "on trial");
    await fake(page, "trialEnds('undone', 'time')");
    await says(page, "#trial-title", /^Undone: the time was over$/);
    await looksRight(page, "undone");
    expect(await page.inputValue("#setting-broker-port")).toBe("1883");
    expect(await page.locator("text=waits for a restart").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("what the board refuses stands at its field, in the board's words, and what was typed stays", async () => {
    const { page } = await rig.paired({ refuse: "counters.everyS must be odd today" });
    await page.click("#tab-settings");
    await page.fill("#setting-counters-everyS", "120");
    await page.click("text=Review …");
    await page.click("dialog button.primary");
    await says(page, "[data-name='counters.everyS'] .mistake", /must be odd today/);
    expect(await page.inputValue("#setting-counters-everyS")).toBe("120");
  });

  test("the countdown is told at its beginning and at few moments, and a trial confirmed is kept", async () => {
    const { page } = await rig.paired();
    await page.click("#tab-wifi");
    await page.click("[data-ssid=Guests]");
    await says(page, "dialog", /The network is open/);
    await looksRight(page, "joining an open network");
    await page.click("dialog button.primary");
    await says(page, ".countdown", /^[23]:\d\d$/);
    await page.evaluate(
      "spoken = []; new MutationObserver(() => spoken.push(document.querySelector('.trial [role=status]').textContent)).observe(document.querySelector('.trial [role=status]'), { childList: true })",
    );
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await page.evaluate("spoken")).toEqual([]);
    await page.click(".trial >> text=Confirm");
    await says(page, "#trial-title", /^Kept: you confirmed it$/);
    await says(page, "[data-ssid=Guests].chosen", /Guests/);
    await looksRight(page, "kept");
  });

  test.each(["before", "after"])(
    "a link lost %s a change arrived: nothing is half applied, and which of both it was is told",
    async (loseAtSet) => {
      const { page, complaints } = await rig.paired({ loseAtSet, unreachable: 0 });
      await page.click("#tab-settings");
      await page.fill("#setting-counters-everyS", "120");
      await page.click("text=Review …");
      if (loseAtSet === "before") await fake(page, "unreachable = 1");
      await page.click("dialog button.primary");
      await says(page, ".loss", /A change was on its way\. Nothing of it is half applied/);
      if (loseAtSet === "before") await looksRight(page, "lost");
      await says(page, ".loss", loseAtSet === "after" ? /The change had arrived/ : /The change had not arrived.*Apply it again/);
      if (loseAtSet === "after") await looksRight(page, "found again");
      expect(complaints).toEqual([]);
    },
  );

  test("a session that the board ended is not forced open again: a button does", async () => {
    const { page } = await rig.paired();
    await fake(page, "end('refused', 'Nobody has asked for anything for 2 minutes.')");
    await says(page, ".loss", /Nobody has asked for anything/);
    await page.click("text=Reconnect");
    await says(page, ".lamp:first-child", /connected/);
  });

  test("a sensor is calibrated in two points, which are looked at before they are kept", async () => {
    const { page, complaints } = await rig.paired();
    await page.click("#tab-calibration");
    const known = page.locator(".point input");
    const take = page.locator(".point button");
    await says(page, ".rawnow", /mean of/);
    await known.nth(0).fill("twenty");
    await says(page, ".point .mistake", /must be a number/);
    await known.nth(0).fill("20,0");
    await take.nth(0).click();
    await known.nth(1).fill("40");
    await take.nth(1).click();
    await says(page, ".outcome", /The points lie close together|said the same|slope/);
    await fake(page, "rawC = 40.9");
    await page.selectOption("#calibration-channel", "climate.hygrometer.humidity");
    await page.selectOption("#calibration-channel", "climate.thermometer.temperature");
    await fake(page, "rawC = 20.5");
    await says(page, ".rawnow", /Raw now: 20\.[45]/);
    await known.nth(0).fill("20");
    await take.nth(0).click();
    await page.selectOption("#calibration-channel", "climate.hygrometer.humidity");
    expect(await known.nth(0).inputValue()).toBe("");
    await says(page, ".rawnow", /44\.1/);
    await known.nth(0).fill("40");
    await take.nth(0).click();
    await known.nth(1).fill("39");
    await take.nth(1).click();
    await says(page, ".outcome", /did not follow/);
    expect(await page.locator("text=Review and save").isDisabled()).toBe(true);
    await looksRight(page, "calibration");
    expect(complaints).toEqual([]);
  });

  test("a config file holds what differs, without secrets, and restoring it shows the difference first", async () => {
    const { page, complaints } = await rig.paired();
    await page.click("#tab-settings");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Save to a file")]);
    const text = readFileSync(await download.path(), "utf8");
    expect(download.suggestedFilename()).toBe("greenhouse.json");
    expect(JSON.parse(text)).toEqual({ wifi: { ssid: "Workshop" }, broker: { host: "10.0.0.2" }, journal: { blockS: 30 } });
    const restore = (content: string) =>
      page.setInputFiles("input[type=file]", { name: "porch.json", mimeType: "application/json", buffer: Buffer.from(content) });
    await restore("{ no JSON");
    await says(page, "#toast", /porch.json: it is no JSON/);
    await restore('{"broker": {"port": 0}}');
    await says(page, "#toast", /broker.port must be a whole number/);
    await restore('{"brokr": {"port": 1}}');
    await says(page, "#toast", /no setting "brokr.port"/);
    await restore('{"journal": {"blockS": 45}, "wifi": {"ssid": "Workshop"}}');
    await says(page, ".diff tbody", /^journal.blockS30 s45 s/);
    await page.click("dialog button.primary");
    await gives(page, "document.querySelector('#setting-journal-blockS').value === '45'");
    expect(complaints).toEqual([]);
  });

  test("erasing needs a word that nobody types by accident", async () => {
    const { page } = await rig.paired();
    await page.click("#tab-device");
    await page.click("text=Factory reset …");
    expect(await page.locator("dialog button.primary").isDisabled()).toBe(true);
    await page.keyboard.type("eras");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("fake.erased")).toBe(false);
    await page.keyboard.type("e");
    await page.keyboard.press("Enter");
    await gives(page, "fake.erased");
    await says(page, ".loss", /^Erasing, about 6 s …The board comes back by itself/);
    await says(page, ".lamp:first-child", /connected/);
  });

  test("confirming while the board is cut off is asked for once more", async () => {
    const { page } = await rig.paired();
    await page.click("#tab-wifi");
    await page.click("[data-ssid=Guests]");
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /On trial/);
    await fake(page, "event({ kind: 'network', text: 'waiting' })");
    await says(page, ".trial .steps", /Wi-Fi not joined: its password may be wrong/);
    expect(await page.locator(".trial button.primary").count()).toBe(0);
    await page.click(".trial >> text=Confirm");
    await says(page, ".trial .doubt", /cut off from its Wi-Fi/);
    await looksRight(page, "cut off");
    // What comes back needs no question.
    await fake(page, "event({ kind: 'network', text: 'up 10.0.0.7' })");
    await says(page, ".trial button.primary", /^Confirm$/);
    await fake(page, "event({ kind: 'network', text: 'broker down' })");
    await page.click(".trial >> text=Confirm");
    await page.click(".trial >> text=Keep it anyway");
    await says(page, "#trial-title", /^Kept: you confirmed it$/);
  });

  test("what needs a restart is offered one once its trial is over and kept", async () => {
    const { page, complaints } = await rig.paired();
    await page.click("#tab-settings");
    await page.fill("#setting-broker-port", "8883");
    await page.fill("#setting-journal-blockS", "45");
    await page.click("text=Review …");
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /On trial/);
    await fake(page, "trialEnds('kept')");
    await says(page, "#trial-title", /^Kept: the broker has answered$/);
    await says(page, "[data-name='journal.blockS'] .mark", /^waits for a restart$/);
    await page.click(".trial >> text=Restart now");
    await says(page, ".lamp:first-child", /restarting/);
    await says(page, ".loss", /^Restarting …The board comes back by itself/);
    await says(page, ".lamp:first-child", /connected/);
    await says(page, "[data-name='journal.blockS'] .mark", /^with a restart$/);
    expect(complaints).toEqual([]);
  });

  test("a trial that was undone before anybody looked is told without alarm", async () => {
    const { page } = await rig.open();
    await page.evaluate("fake.board.trial = { state: 'undone', leftS: 0, reason: 'time', names: [] }");
    await pair(page);
    await says(page, "#trial-title", /^Undone earlier: the time was over$/);
    expect(await page.getAttribute(".trial", "data-state")).toBe("earlier");
    await looksRight(page, "undone earlier");
    await page.click(".trial >> text=Dismiss");
    expect(await page.locator(".trial").isVisible()).toBe(false);
  });

  test("a secret that the board leaves out is not called a default, and may be taken back", async () => {
    const { page } = await rig.paired();
    await page.click("#tab-settings");
    const field = "[data-name='broker.password']";
    await says(page, `${field} .origin`, /^empty$/);
    await page.click(`${field} button:has-text('Reset')`);
    await says(page, `${field} .origin`, /^goes back$/);
  });

  test("a line has a gap where no values came", async () => {
    const { page } = await rig.paired();
    for (const ms of [0, 100, 200, 300, 1000, 1100, 1200])
      await fake(page, `event({ kind: 'live', reading: { channel: 'soil', value: ${ms % 300}, unit: '%', ms: ${ms} } })`);
    await gives(page, "document.querySelector('[data-channel=soil] .spark path:last-child').getAttribute('d')?.split('M').length === 3");
  });

  test("a value has the digits that the board sent", async () => {
    const { page } = await rig.paired({ temperatureC: 21.4375 });
    await says(page, "[data-channel=temperature] .value", /^21\.4375$/);
    await fake(page, "temperatureC = 21.5");
    await says(page, "[data-channel=temperature] .value", /^21\.5$/);
  });
});
