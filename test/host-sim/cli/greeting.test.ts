/** What a person needs to set up a simulated board stands in the greeting, and its hints reach that very simulator. */
import { expect, test } from "vitest";
import { setupLines } from "../../../host-sim/cli/greeting.js";

const wifi = { ssid: "mote", password: "simulated" };

test("the usual port stands in no hint, another one in each", () => {
  expect(setupLines("http://127.0.0.1:8080/", wifi, { code: "7Q2M" })).toBe(
    "Open    http://127.0.0.1:8080/\n" +
      "Set up  http://127.0.0.1:8080/configure/ (over simulated Bluetooth)\n" +
      "Code    7Q2M (its pairing code; as a QR code: npx mote pair --qr)\n" +
      'Wi-Fi   mote, password "simulated"\n',
  );
  expect(setupLines("http://127.0.0.1:8766/", wifi, { code: "7Q2M" })).toContain("npx mote pair --qr --at http://127.0.0.1:8766/)");
});

test("of several boards it says how to have the code of one", () => {
  const hint = "Code    mote pair --code --board board-1 --at http://127.0.0.1:8766/ says the pairing code of a board\n";
  expect(setupLines("http://127.0.0.1:8766/", wifi, { first: "board-1" })).toContain(hint);
  expect(setupLines("http://127.0.0.1:8080/", wifi, { first: "by the door" })).toContain("--board 'by the door' says");
});
