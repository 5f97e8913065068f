/** Looking for access points, and moving from one to another. */
import { expect, test } from "vitest";
import { AccessPoint } from "../../../host-sim/world/wifi.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";

function radio() {
  const made = simulatedBoard();
  const heard: (string | number)[] = [];
  const wifi = made.on(() => new made.board.device.WiFi({}));
  return {
    ...made,
    heard,
    wifi,
    scan: (on = wifi) =>
      made.on(() =>
        on.scan({ onFound: ({ SSID, RSSI, security }) => heard.push(SSID, RSSI, security), onComplete: () => heard.push("complete") }),
      ),
  };
}

test("a scan finds what is in reach, the strongest first, after two seconds", () => {
  const { accessPoint, scan, pass, heard } = radio();
  accessPoint.others.length = 1;
  accessPoint.others.push(new AccessPoint("cellar", "haddock", { rssi: -40, security: "wep" }), new AccessPoint("open", "", { rssi: -90 }));
  scan();
  pass(1990);
  expect(heard).toEqual([]);
  pass(20);
  expect(heard).toEqual([
    "cellar",
    -40,
    "wep",
    "attic",
    -61,
    "wpa2_psk",
    accessPoint.others[0]!.ssid,
    -72,
    "wpa2_psk",
    "open",
    -90,
    "none",
    "complete",
  ]);
});

test("what is away is not found, and out of reach there is nothing", () => {
  const { accessPoint, board, scan, pass, heard } = radio();
  accessPoint.present = false;
  scan();
  pass(2100);
  expect(heard).not.toContain("attic");
  heard.length = 0;
  board.link.leaveReach();
  scan();
  pass(2100);
  expect(heard).toEqual(["complete"]);
});

test("there is one scan at a time over all instances, none while the radio connects, and none is completed after close", () => {
  const { board, wifi, scan, on, pass, heard } = radio();
  scan();
  const other = on(() => new board.device.WiFi({}));
  expect(() => scan()).toThrow("already scanning");
  expect(() => scan(other)).toThrow("already scanning");
  pass(1000);
  on(() => wifi.close());
  scan(other);
  // The first would have come to its end within this.
  pass(1500);
  expect(heard).toEqual([]);
  expect(() => scan(other)).toThrow("already scanning");
  pass(600);
  expect(heard.at(-1)).toBe("complete");
  on(() => other.connect({ SSID: "attic", password: "swordfish" }));
  expect(() => scan(other)).toThrow("scan failed");
  pass(1000);
  scan(other);
});

test("a board moves to another access point by name and password; one that leads nowhere gives an address and no network", () => {
  const { accessPoint, board, wifi, on, pass } = radio();
  const cellar = new AccessPoint("cellar", "haddock", { rssi: -50 });
  const maze = new AccessPoint("maze", "minotaur");
  maze.routed = false;
  accessPoint.others.push(cellar, maze);
  const join = (SSID: string, password: string): unknown[] => {
    on(() => wifi.connect({ SSID, password }));
    pass(1000);
    return [wifi.connection, wifi.RSSI, board.link.up];
  };
  expect(join("attic", "swordfish")).toEqual([500, -61, true]);
  expect(join("cellar", "haddock")).toEqual([500, -50, true]);
  // The first one is not its affair any more.
  accessPoint.present = false;
  expect([wifi.connection, board.link.up]).toEqual([500, true]);
  expect(join("cellar", "swordfish")).toEqual([200, undefined, false]);
  expect(join("maze", "minotaur")).toEqual([500, -61, false]);
  cellar.present = false;
  expect(join("cellar", "haddock")).toEqual([200, undefined, false]);
});
