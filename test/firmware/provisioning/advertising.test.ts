/** What a board says over the air, to the byte (docs/ble.md, "When a board can be reached"). */
import { describe, expect, test } from "vitest";
import type { Advertisement, GATTServer } from "../../../firmware/device.js";
import { Advertising } from "../../../firmware/provisioning/advertisement.js";
import { place, rightOnes } from "./visitor.js";

describe("on the air", () => {
  const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");
  const reversed = (uuid: string) => Buffer.from(uuid.replaceAll("-", ""), "hex").reverse().toString("hex");

  test("is in 31 bytes what docs/ble.md says, in turns of three seconds and one", async () => {
    const here = place({ builtIn: {} });
    const { visitor, board } = here;
    const heard: [number, string, string][] = [];
    board.bluetooth.onAdvertising = (advertisement, response) => heard.push([visitor.nowMs, hex(advertisement), hex(response)]);
    visitor.pass(12_000);
    const flags = "020106";
    // Improv's state: authorized. Capabilities: identify, info, scan, host name.
    const service = "09167746020f00000000" + flags + "1107" + reversed("00467768-6228-2272-4663-277478268000");
    expect(service.length / 2).toBe(31);
    const name = here.station.device!;
    const named = (name.length + 1).toString(16).padStart(2, "0") + "09" + Buffer.from(name).toString("hex") + flags;
    const digits = Buffer.from("Mote " + board.id.slice(-6)).toString("hex");
    const response = "1107" + reversed("6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0000") + "0c09" + digits;
    expect(response.length / 2).toBeLessThanOrEqual(31);
    expect(heard.slice(0, 6).map(([, ...bytes]) => bytes)).toEqual(
      [service, named, service, named, service, named].map((advertisement) => [advertisement, response]),
    );
    const turns = heard.slice(1, 6).map(([ms], index) => Math.round((ms - heard[index]![0]) / 10) * 10);
    expect(turns).toEqual([3000, 1000, 3000, 1000, 3000]);
  });

  test("Improv's state follows the network", async () => {
    const here = place({ builtIn: {} });
    const talk = await here.visitor.talk();
    await talk.ask(4, "schema 2\n" + [...rightOnes(here)].map(([name, value]) => `${name}=${value}`).join("\n"));
    here.visitor.pass(5_000);
    talk.link.close();
    here.visitor.pass(500);
    expect(hex(here.board.bluetooth.advertisement).slice(0, 12)).toBe("09167746040f");
  });

  test.each([
    ["Küche", "Küche"],
    ["x".repeat(26), "x".repeat(26)],
    ["x".repeat(27), "x".repeat(26)],
    ["ü".repeat(14), "ü".repeat(13)],
    ["x" + "ü".repeat(13), "x" + "ü".repeat(12)],
    ["xx" + "€".repeat(9), "xx" + "€".repeat(8)],
    ["xxx" + "\u{1f600}".repeat(9), "xxx" + "\u{1f600}".repeat(5)],
  ])("%s is cut to 26 bytes of whole characters", (name, cut) => {
    const said: Advertisement[] = [];
    const due: (() => void)[] = [];
    const server = { startAdvertising: (scan: Advertisement) => void said.push(scan), stopAdvertising() {} } as unknown as GATTServer;
    const timers = { set: (callback: () => void) => due.push(callback), clear() {} };
    const what = { name: () => name, digits: "000000", improvState: () => 2, improvCapabilities: () => 15 };
    new Advertising(server, timers as never, what).start();
    due[0]!();
    expect(Buffer.from(said[1]![9]!).toString("utf8")).toBe(cut);
  });
});
