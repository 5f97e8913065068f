/** What the configurator shows before there is a board: what is missing, what is in the way, and what to do about it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { qrPayload } from "../../host-sim/pairing/code.js";
import { faults, gives, says } from "./configurator-page.js";
import { code, fake, FakeRig, focused, id, looksRight, pair, secret } from "./configurator-rig.js";

let rig: FakeRig;
beforeAll(async () => {
  rig = await FakeRig.start();
});
afterAll(() => rig?.close());
afterEach(() => rig.clean());

// Much at once goes on where tests run.
describe("before there is a board", { timeout: 60_000 }, () => {
  test("the start says what is missing while the code is typed, group by group", async () => {
    const { page, complaints } = await rig.open();
    await says(page, ".boards li", /board-1.*window open/);
    await looksRight(page, "the start");
    await page.type("#code", code.slice(0, 12).toLowerCase().replaceAll("-", ""));
    expect(await page.inputValue("#code")).toBe(code.slice(0, 12));
    await says(page, "#code-word", /^2 of 7 groups$/);
    await page.fill("#code", `${code.slice(0, 5)}U${code.slice(6)}`);
    await says(page, "#code-word", /“U” in group 2 never stands in a code/);
    expect(await page.getAttribute(".ticks i:nth-child(2)", "data-how")).toBe("wrong");
    expect(await page.getAttribute(".ticks i:nth-child(1)", "data-how")).toBe("");
    await page.fill("#code", code.slice(0, -1) + (code.endsWith("0") ? "1" : "0"));
    await says(page, "#code-word", /has a slip in it/);
    await looksRight(page, "a mistyped code");
    await page.click("text=Connect over Bluetooth");
    expect(await focused(page)).toBe("code");
    await page.fill("#code", code);
    await says(page, "#code-word", /^The code is complete\.$/);
    expect(complaints).toEqual([]);
  });

  test("without a camera the page says so, and the code can be typed", async () => {
    const { page } = await rig.open();
    await page.click("text=Scan QR code");
    await says(page, "dialog [role=status]", /no camera here|not allowed/);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").count()).toBe(0);
    expect(await focused(page)).toBe("Scan QR code");
  });

  test("a link with the code in it fills it in, and does not stay in the address", async () => {
    const { page } = await rig.open({}, `#${qrPayload(id, secret)}`);
    await says(page, "#code-word", new RegExp(`for board ${id}`));
    expect(await page.inputValue("#code")).toBe(code);
    expect(page.url()).not.toContain("MOTE");
    expect(await focused(page)).toBe("Connect over Bluetooth …");
    const other = await rig.open({}, `#${qrPayload("0123456789ab", secret)}`);
    await other.page.click("text=Connect over Bluetooth");
    await says(other.page, ".trouble", /belongs to another board/);
  });

  test.each([
    ["unsupported", /This browser cannot do Bluetooth.*Chrome or Edge/],
    ["insecure", /loaded without TLS.*https/],
    ["off", /Bluetooth is off.*Switch Bluetooth on/],
  ])("Bluetooth that is %s is explained at the start", async (bluetooth, form) => {
    const { page, complaints } = await rig.open({ bluetooth, nosimulator: true });
    await says(page, ".why", form);
    expect(await page.locator("button.large").isDisabled()).toBe(bluetooth !== "off");
    if (bluetooth === "off") {
      await fake(page, "bluetooth = undefined");
      await page.evaluate("dispatchEvent(new Event('focus'))");
      await gives(page, "document.querySelector('.why').textContent === ''");
      await fake(page, "bluetooth = 'off'");
      await page.evaluate("dispatchEvent(new Event('focus'))");
      await says(page, ".why", form);
    }
    if (bluetooth === "off") await looksRight(page, bluetooth);
    else expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("whatever is in the way says what it is and what to do, has the focus, and leads back", async () => {
    const { page, complaints } = await rig.open();
    const well = { choice: undefined, link: undefined, secretFits: true };
    const info = await page.evaluate("fake.board.info");
    for (const [kind, what, form] of [
      ["dismissed", { choice: "dismissed" }, /No board was chosen.*Press its button/],
      ["blocked", { choice: "blocked" }, /Bluetooth is forbidden here.*allow/],
      ["unreachable", { link: "unreachable" }, /The board does not answer.*Go closer/],
      ["foreign", { link: "foreign" }, /no Mote board/],
      ["secret", { secretFits: false }, /Wrong pairing code.*19 guesses are left/],
      ["closed", { link: "closed" }, /window is closed.*Press the board's button/],
      ["locked", { info: { locked: true } }, /locked.*20 new guesses/],
      ["no-secret", { info: { hasSecret: false } }, /no pairing code.*npm run flash/],
      ["version", { info: { protocol: 2 } }, /Another version/],
    ] as const) {
      const { info: own, ...rest } = what as { info?: object };
      await page.evaluate(
        ([set, told]) => {
          const { fake } = globalThis as unknown as { fake: { board: object } };
          Object.assign(fake, set);
          Object.assign(fake.board, { info: told });
        },
        [
          { ...well, ...rest },
          { ...(info as object), ...own },
        ] as const,
      );
      // Undefined does not come through.
      await page.evaluate(`for (const name of ["choice", "link"]) if (!(name in ${JSON.stringify(rest)})) fake[name] = undefined`);
      await pair(page);
      await says(page, `.trouble[data-kind=${kind}]`, form);
      expect(await focused(page), kind).toBe("trouble-title");
      // One view shows them all.
      if (kind === "secret") await looksRight(page, kind);
      else expect(await faults(page), kind).toEqual([]);
      await page.click("text=Back to the start");
      expect(await focused(page), kind).toBe("start-title");
    }
    expect(await page.inputValue("#code")).toBe(code);
    expect(complaints).toEqual([]);
  });

  test("who waits for the button is let in when it is pressed", async () => {
    const { page } = await rig.open({ info: { windowOpen: false } });
    await pair(page);
    await page.click("[data-remedy=wait]");
    await says(page, ".progress", /Waiting for the button/);
    await looksRight(page, "waiting");
    await fake(page, "board.info.windowOpen = true");
    await says(page, "#tab-readings", /Readings/);
  });

  test("who waits for the button of a simulated board presses it here", async () => {
    const { page } = await rig.open({ info: { windowOpen: false } });
    await page.fill("#code", code);
    await page.click("[data-board=board-1] button:text-is('Connect')");
    await page.click("[data-remedy=wait]");
    await page.click("text=Press its button");
    await says(page, "#tab-readings", /Readings/);
  });

  test("an address that names a simulated board chooses it", async () => {
    const { page } = await rig.open({ code, bluetooth: "unsupported" }, "&board=board-1");
    await says(page, "#code-word", new RegExp(`for board ${id}`));
    await gives(page, "document.activeElement.ariaLabel === 'Connect: board-1'");
    await says(page, ".wanted", /board-1/);
    // What is at hand comes before what the browser lacks.
    await gives(page, "document.querySelector('.boards').nextElementSibling.matches('.why')");
    await looksRight(page, "a chosen board");
  });

  test("from the code to a confirmed network with the keyboard alone", async () => {
    const { page, complaints } = await rig.open({ nosimulator: true });
    const press = async (key: string, times = 1): Promise<void> => {
      for (let count = 0; count < times; count++) await page.keyboard.press(key);
    };
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        if (name.test(await focused(page))) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`tab does not come to ${String(name)}`);
    };
    await tabTo(/^code$/);
    await page.keyboard.type(code);
    await press("Enter");
    await says(page, "#tab-readings", /Readings/);
    await tabTo(/^tab-readings$/);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await press("ArrowRight");
    expect(await focused(page)).toBe("tab-wifi");
    await says(page, ".network", /Neighbours/);
    await tabTo(/^Neighbours/);
    await press("Enter");
    expect(await focused(page)).toBe("join-password");
    await page.keyboard.type("a long password");
    await press("Enter");
    await says(page, "#trial-title", /On trial/);
    expect(await focused(page)).toBe("trial-title");
    await tabTo(/^Confirm$/);
    await press("Enter");
    await says(page, "#trial-title", /^Kept/);
    expect(complaints).toEqual([]);
  });
});
