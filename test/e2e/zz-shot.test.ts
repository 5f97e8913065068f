import { test } from "vitest";
import { launchChromium } from "../../host-sim/bench/dashboard.js";
import { session, dashboard, goneTo } from "../host-sim/dashboard/rig.js";
test("shots", async () => {
  const made = session({ boards: 3 });
  await goneTo(made, 30_000);
  made.strike({ do: "break", kind: "wifi-down", board: "board-2", forMs: 30_000, parameters: {} });
  await goneTo(made, 110_000);
  const shown = await dashboard(made);
  const launched = await launchChromium();
  if (!launched.ok) throw new Error(launched.error.message);
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    const page = await launched.value.newPage({ viewport: { width, height }, isMobile: width === 390 });
    page.on("pageerror", (e) => console.log(e.message));
    await page.goto(shown.url + "/#board=board-2");
    await new Promise((r) => setTimeout(r, 1500));
    await page.screenshot({ path: `/tmp/shot-${width}.png` });
    await page.close();
  }
  await launched.value.close();
  await shown.close();
  made.close();
}, 60_000);
