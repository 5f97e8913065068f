import { expect, test } from "vitest";
import { Link } from "../../../host-sim/world/link.js";
import { random } from "../../../host-sim/world/random.js";
import { AccessPoint, wifiClass } from "../../../host-sim/world/wifi.js";
import { bench } from "./bench.js";

function radio() {
  const made = bench();
  const point = new AccessPoint("attic", "swordfish");
  const heard: string[] = [];
  const addresses: boolean[] = [];
  const link = new Link(made.lan, random(1));
  // Each change of whether the board has an address.
  let up = false;
  Object.defineProperty(link, "up", {
    get: () => up,
    set(now: boolean) {
      up = now;
      addresses.push(now);
    },
  });
  const WiFi = wifiClass(point, { mac: "02:00:6d:6f:74:65", address: "10.0.0.0", link }, made.scheduler, made.cpu, made.record);
  const wifi = new WiFi({ onChanged: (property) => heard.push(property === "connection" ? String(wifi.connection) : property) });
  return {
    ...made,
    link,
    point,
    heard,
    addresses,
    wifi,
    join: (password = "swordfish", SSID = "attic") => made.timed(() => wifi.connect({ SSID, password })),
  };
}

test("joining goes by way of the access point to an address, each told as it happens", () => {
  const { wifi, join, pass, heard, addresses } = radio();
  expect([wifi.connection, wifi.address, wifi.RSSI, wifi.MAC]).toEqual([200, undefined, undefined, "02:00:6d:6f:74:65"]);
  join();
  expect(wifi.connection).toBe(300);
  expect(() => wifi.connect({ SSID: "attic" })).toThrow("already connecting");
  pass(300);
  expect([wifi.connection, wifi.address, wifi.RSSI]).toEqual([400, undefined, -61]);
  pass(150);
  expect([wifi.connection, wifi.address, heard, addresses]).toEqual([500, "10.0.0.0", ["400", "500", "address"], [true]]);
});

test("a wrong password, another name, or an access point that is away ends where it began", () => {
  for (const [password, SSID, present] of [
    ["haddock", "attic", true],
    ["swordfish", "cellar", true],
    ["swordfish", "attic", false],
  ] as const) {
    const { point, join, pass, heard, addresses } = radio();
    point.present = present;
    join(password, SSID);
    pass(60_000);
    expect([heard, addresses]).toEqual([["200"], []]);
  }
});

test("without DHCP it stays joined without an address", () => {
  const { point, join, pass, heard } = radio();
  point.dhcp = false;
  join();
  pass(60_000);
  expect(heard).toEqual(["400"]);
});

test("an access point that goes away takes the address along, also in the middle of joining", () => {
  for (const [afterMs, expected, addresses] of [
    [100, ["200"], []],
    [300, ["400", "200"], []],
    [500, ["400", "500", "address", "200"], [true, false]],
  ] as const) {
    const self = radio();
    self.join();
    self.pass(afterMs);
    self.point.present = false;
    self.pass(10_000);
    expect([self.heard, self.addresses]).toEqual([expected, addresses]);
    self.point.present = true;
    self.pass(10_000);
    expect(self.wifi.connection).toBe(200);
  }
});

test("disconnect is silent, and after it the access point's affairs are not the board's", () => {
  const { wifi, point, join, pass, heard, addresses } = radio();
  join();
  pass(500);
  heard.length = 0;
  wifi.disconnect();
  expect([wifi.connection, addresses]).toEqual([200, [true, false]]);
  point.present = false;
  pass(1000);
  expect([heard, addresses]).toEqual([[], [true, false]]);
});

test("after close nothing is called, not even what was under way", () => {
  for (const afterMs of [0, 249.9, 400, 500]) {
    const { wifi, join, pass, heard, point, cpu } = radio();
    join();
    pass(afterMs);
    heard.length = 0;
    cpu.post(() => {
      cpu.charge(1_000_000);
      wifi.close();
    });
    pass(2000);
    point.present = false;
    pass(1000);
    expect(heard).toEqual([]);
  }
  const { wifi, join, pass, heard, cpu } = radio();
  join();
  // The thread is busy when the news comes, and closes the radio before it gets to them.
  cpu.post(() => cpu.charge(1_000_000));
  cpu.post(() => wifi.close());
  pass(5000);
  expect(heard).toEqual([]);
});

test("an access point out of this board's reach drops it and takes no joins until the last fault is over; others stay", () => {
  const { link, point, wifi, join, pass, heard, addresses } = radio();
  let others = 0;
  point.joined({ dropped: () => others++ });
  join();
  pass(500);
  const [first, second] = [link.leaveReach(), link.leaveReach()];
  pass(1);
  expect([heard.splice(0), addresses.splice(0), link.stations.size]).toEqual([["400", "500", "address", "200"], [true, false], 0]);
  first();
  join();
  pass(10_000);
  expect([heard.splice(0), wifi.connection]).toEqual([["200"], 200]);
  second();
  join();
  pass(10_000);
  expect([heard, addresses, others]).toEqual([["400", "500", "address"], [true], 0]);
});

test("a radio that has left is not told of its access point's reach any more", () => {
  const { link, wifi, join, pass, heard, cpu } = radio();
  join();
  pass(500);
  wifi.disconnect();
  heard.length = 0;
  link.leaveReach()();
  pass(100);
  join();
  pass(500);
  expect(heard).toEqual(["400", "500", "address"]);
  cpu.stop();
  expect([link.up, link.stations.size]).toEqual([false, 0]);
});
