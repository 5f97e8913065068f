/** The Improv service, command by command and error by error, as its text (2.4) has it. */
import { describe, expect, test } from "vitest";
import { improvCharacteristics, improvService, improvServiceData } from "../../../firmware/provisioning/improv-frames.js";
import { bytes, counting, frame, hex, ImprovRig, named, strictResult, unhex, vector, wifi } from "./improv-rig.js";

const joined = (rig: ImprovRig, well: boolean): string[] => rig.during(() => rig.joins.shift()!(well));

describe("Wi-Fi settings", () => {
  test("the text's example is joined, and the result brings the URL", () => {
    const rig = new ImprovRig();
    expect(rig.write(unhex(vector))).toEqual(["state 3", "advertise", "join MyWirelessAP mysecurepassword"]);
    expect(joined(rig, true)).toEqual(["state 4", "advertise", "result 1 http://board/"]);
    expect(strictResult(rig.service.value("result"))).toEqual({ command: 1, texts: ["http://board/"] });
    rig.pass(10_000);
    expect(rig.timers.size).toBe(0);
  });

  test.each(["", "x".repeat(255)])("where there is no URL, or one that no frame holds, the result is an empty list", (url) => {
    const rig = new ImprovRig();
    rig.url = url;
    rig.write(unhex(vector));
    expect(joined(rig, true)).toEqual(["state 4", "advertise", "result 1 "]);
    expect(hex(rig.service.value("result"))).toBe("010001");
  });

  test("a wrong password is error 3 and state 2, and then the right one works", () => {
    const rig = new ImprovRig();
    rig.write(wifi("net", "wrong"));
    expect(joined(rig, false)).toEqual(["error 3", "state 2", "advertise"]);
    expect(rig.write(wifi("net", "right"))).toEqual(["error 0", "state 3", "advertise", "join net right"]);
    expect(joined(rig, true)).toEqual(["state 4", "advertise", "result 1 http://board/"]);
  });

  test("settings that the board does not take are error 3", () => {
    const rig = new ImprovRig();
    rig.takesSettings = false;
    expect(rig.write(wifi("net", "short"))).toEqual(["state 3", "advertise", "join net short", "error 3", "state 2", "advertise"]);
    rig.pass(10_000);
    expect(rig.timers.size).toBe(0);
  });

  test("an open network has an empty password, and a name of 32 bytes of UTF-8 arrives whole", () => {
    const rig = new ImprovRig();
    const ssid = "Gewächshaus 🌱 unten im Garten";
    expect(rig.write(wifi(ssid, "")).at(-1)).toBe(`join ${ssid} `);
  });

  test("second settings while the first are tried are error 4, and the first go on", () => {
    const rig = new ImprovRig();
    rig.write(wifi("one", "a"));
    expect(rig.write(wifi("two", "b"))).toEqual(["error 4"]);
    expect(rig.joins).toHaveLength(1);
    expect(joined(rig, true)).toEqual(["state 4", "advertise", "result 1 http://board/"]);
  });

  test("what is provisioned takes no settings any more, until the window is opened for a board without Wi-Fi", () => {
    const rig = new ImprovRig({ joined: true });
    expect(rig.state).toBe(4);
    expect(rig.write(wifi("net", "b"))).toEqual(["error 4"]);
    rig.joined = false;
    expect(rig.during(() => rig.service.opened())).toEqual(["state 2", "advertise"]);
    expect(rig.write(wifi("net", "b")).at(-1)).toBe("join net b");
  });

  test("a join that nobody answers has failed after a minute, and what comes later changes nothing", () => {
    const rig = new ImprovRig();
    rig.write(wifi("net", "a"));
    expect(rig.pass(59_999)).toEqual([]);
    expect(rig.pass(1)).toEqual(["error 3", "state 2", "advertise"]);
    const [late] = rig.joins.splice(0);
    expect(rig.during(() => late!(true))).toEqual([]);
    rig.write(wifi("net", "b"));
    expect(rig.during(() => late!(true))).toEqual([]);
    const [second] = rig.joins;
    expect(rig.during(() => second!(false))).toEqual(["error 3", "state 2", "advertise"]);
    expect(rig.during(() => second!(true))).toEqual([]);
  });

  test.each([
    ["no data", ""],
    ["an empty name", "000161"],
    ["a name longer than the data", "0561"],
    ["no password's length", "0161"],
    ["a password longer than the data", "01610262"],
    ["more after the password", "0161016263"],
    ["a name that is no UTF-8", "01ff00"],
    ["a name with a zero in it", "010000"],
    ["a password that is no UTF-8", "016101c3"],
  ])("%s is error 1", (_, data) => {
    const rig = new ImprovRig();
    expect(rig.write(frame(1, unhex(data)))).toEqual(["error 1"]);
    expect(rig.state).toBe(2);
  });
});

describe("identify and device info", () => {
  test("identify does it, and has no result", () => {
    expect(new ImprovRig().write(frame(2))).toEqual(["identify"]);
  });

  test("a board that cannot identify says so, and answers error 2", () => {
    const rig = new ImprovRig({ canIdentify: false });
    expect(hex(rig.service.value("capabilities"))).toBe("0e");
    expect(rig.write(frame(2))).toEqual(["error 2"]);
    expect(hex(new ImprovRig().service.value("capabilities"))).toBe("0f");
  });

  test("device info is the board's four texts, also while a Wi-Fi is joined", () => {
    const rig = new ImprovRig();
    rig.write(wifi("net", "a"));
    expect(rig.write(frame(3))).toEqual(["result 3 Mote|1.0|esp32|Greenhouse"]);
  });

  test("texts that one frame cannot hold are cut where a character ends", () => {
    const rig = new ImprovRig();
    rig.info = ["Mote", "1.0", "é".repeat(200), "🌱".repeat(100)];
    expect(rig.write(frame(3))).toEqual([`result 3 Mote|1.0|${"é".repeat(31)}|${"🌱".repeat(15)}`]);
  });

  test.each([2, 3, 4])("data where command %i has none is error 1", (command) => {
    expect(new ImprovRig().write(frame(command, bytes(0)))).toEqual(["error 1"]);
  });
});

describe("scan", () => {
  const found = [
    { ssid: "near", rssi: -40, security: "wpa" },
    { ssid: "old", rssi: -60, security: "wep" },
    { ssid: "café", rssi: -80, security: "open" },
  ] as const;

  test("one result lists all networks, three texts each", () => {
    const rig = new ImprovRig();
    expect(rig.write(frame(4))).toEqual(["scan"]);
    expect(rig.during(() => rig.scans[0]!(found))).toEqual(["result 4 near|-40|WPA|old|-60|WEP|café|-80|NO"]);
    rig.pass(10_000);
    expect(rig.timers.size).toBe(0);
  });

  test("none found is a result without texts", () => {
    const rig = new ImprovRig();
    rig.write(frame(4));
    expect(rig.during(() => rig.scans[0]!([]))).toEqual(["result 4 "]);
  });

  test("the list ends where a notification does, and holds one network at least", () => {
    const listed = (room: number, count: number): string[] => {
      const rig = new ImprovRig();
      rig.receive(frame(4), room);
      rig.scans[0]!(
        Array.from({ length: count }, (_, index) => ({ ssid: `network ${index}`.padEnd(32, "."), rssi: -50, security: "wpa" })),
      );
      const value = rig.service.value("result");
      if (count > 1 && room >= 46) expect(value.length).toBeLessThanOrEqual(room);
      return strictResult(value).texts.filter((_, index) => index % 3 === 0);
    };
    // 41 bytes a network, 3 around all.
    expect(listed(20, 16)).toHaveLength(1);
    expect(listed(84, 16)).toHaveLength(1);
    expect(listed(85, 16)).toHaveLength(2);
    expect(listed(182, 16)).toHaveLength(4);
    expect(listed(514, 16)).toHaveLength(6);
    expect(listed(514, 0)).toEqual([]);
  });

  test("a radio that cannot scan, or that never ends, is error 255", () => {
    const rig = new ImprovRig();
    rig.write(frame(4));
    expect(rig.during(() => rig.scans.shift()!(undefined))).toEqual(["error 255"]);
    expect(rig.write(frame(4))).toEqual(["error 0", "scan"]);
    expect(rig.pass(15_000)).toEqual(["error 255"]);
    expect(rig.during(() => rig.scans.shift()!(found))).toEqual([]);
  });

  test("a second one while one is under way asks the radio once, and one result answers both", () => {
    const rig = new ImprovRig();
    expect(rig.write(frame(4), frame(4))).toEqual(["scan"]);
    expect(rig.during(() => rig.scans[0]!(found))).toHaveLength(1);
    expect(rig.during(() => rig.scans[0]!(found))).toEqual([]);
  });

  test("who has gone gets no list, and neither does who comes next", () => {
    const rig = new ImprovRig();
    rig.write(frame(4));
    rig.disconnect();
    expect(rig.during(() => rig.scans.shift()!(found))).toEqual([]);
    expect(rig.service.value("result")).toHaveLength(0);
    rig.pass(10_000);
    expect(rig.timers.size).toBe(0);
  });
});

describe("hostname and device name", () => {
  test("a hostname is read and set, and comes back", () => {
    const rig = new ImprovRig();
    expect(rig.write(frame(5))).toEqual(["result 5 mote-1"]);
    expect(rig.write(named(5, "Shed-2"))).toEqual(["hostname Shed-2", "result 5 Shed-2"]);
    expect(rig.write(named(5, "0"))).toEqual(["hostname 0", "result 5 0"]);
  });

  test("a name with its length before it, as Home Assistant's client sends it, is taken as well", () => {
    const rig = new ImprovRig();
    expect(rig.write(counting(5, "shed-3"))).toEqual(["hostname shed-3", "result 5 shed-3"]);
    expect(rig.write(counting(6, "Shed 3"))).toEqual(["name Shed 3", "result 6 Shed 3"]);
  });

  test.each(["-a", "a-", "a.b", "a_b", "a b", "ä", "a".repeat(64), "a\n", "a@", "a[", "a`", "a{", "a/", "a:"])(
    "%j is no hostname: error 5, and nobody is asked",
    (name) => {
      expect(new ImprovRig().write(named(5, name))).toEqual(["error 5"]);
    },
  );

  test("bytes that are no UTF-8 are no hostname, and a device name with them is error 1", () => {
    expect(new ImprovRig().write(frame(5, bytes(0xff)))).toEqual(["error 5"]);
    expect(new ImprovRig().write(frame(6, bytes(0xff)))).toEqual(["error 1"]);
    expect(new ImprovRig().write(frame(6, bytes(0)))).toEqual(["error 1"]);
  });

  test("63 letters are a hostname", () => {
    expect(new ImprovRig().write(named(5, "a".repeat(63)))).toEqual([`hostname ${"a".repeat(63)}`, `result 5 ${"a".repeat(63)}`]);
  });

  test("what the board does not take is error 5 of a hostname, 255 of a name", () => {
    const rig = new ImprovRig();
    rig.takesNames = false;
    expect(rig.write(named(5, "shed"))).toEqual(["hostname shed", "error 5"]);
    expect(rig.write(named(6, "shed"))).toEqual(["error 0", "name shed", "error 255"]);
  });

  test("a device name is read and set; it may be any text", () => {
    const rig = new ImprovRig();
    expect(rig.write(frame(6))).toEqual(["result 6 Greenhouse"]);
    expect(rig.write(named(6, "Schuppen 🌱"))).toEqual(["name Schuppen 🌱", "result 6 Schuppen 🌱"]);
  });

  test("only the name can be read where the board is provisioned, and nothing can be set", () => {
    const rig = new ImprovRig({ joined: true });
    expect(rig.write(frame(6))).toEqual(["result 6 Greenhouse"]);
    expect(rig.write(named(6, "x"))).toEqual(["error 4"]);
    expect(rig.write(frame(5))).toEqual(["error 0", "error 4"]);
    expect(rig.write(named(5, "x"))).toEqual(["error 0", "error 4"]);
  });
});

describe("the window", () => {
  test.each([wifi("net", "a"), frame(2), frame(3), frame(4), frame(5), frame(6), frame(9), bytes(1), bytes()])(
    "outside of it the state is 1 and a write is error 4",
    (write) => {
      const rig = new ImprovRig({ isOpen: false });
      expect(rig.state).toBe(1);
      expect(rig.write(write)).toEqual(["error 4"]);
      expect(rig.pass(100_000)).toEqual([]);
    },
  );

  test("a frame that was begun in it is not ended outside of it", () => {
    const rig = new ImprovRig();
    const whole = wifi("net", "a");
    rig.write(whole.subarray(0, 4));
    rig.close();
    expect(rig.write(whole.subarray(4))).toEqual(["error 4"]);
    rig.isOpen = true;
    rig.service.opened();
    rig.write(whole.subarray(4));
    rig.pass(2_000);
    expect(rig.joins).toHaveLength(0);
    expect(rig.write(whole).at(-1)).toBe("join net a");
  });

  test("its closing is a state, and what is being tried is told nobody", () => {
    const rig = new ImprovRig();
    rig.write(wifi("net", "a"), frame(4));
    expect(rig.during(() => rig.close())).toEqual(["state 1", "advertise"]);
    rig.pass(10_000);
    expect(rig.timers.size).toBe(0);
    expect(joined(rig, true)).toEqual([]);
    expect(rig.during(() => rig.scans[0]!([]))).toEqual([]);
    rig.isOpen = true;
    rig.joined = true;
    expect(rig.during(() => rig.service.opened())).toEqual(["state 4", "advertise"]);
  });

  test("its opening again leaves alone what is being tried", () => {
    const rig = new ImprovRig();
    rig.write(wifi("net", "a"));
    expect(rig.during(() => rig.service.opened())).toEqual([]);
    expect(joined(rig, true).at(-1)).toBe("result 1 http://board/");
  });

  test("the next central finds no error and no result of the one before, but the state that goes on", () => {
    const rig = new ImprovRig();
    rig.write(frame(3), wifi("net", "a"), frame(9));
    expect(rig.error).toBe(2);
    rig.disconnect();
    expect([rig.state, rig.error, rig.service.value("result").length]).toEqual([3, 0, 0]);
    expect(joined(rig, true)).toEqual(["state 4", "advertise", "result 1 http://board/"]);
  });
});

test.each([0, 7, 9, 0x80, 0xff])("command %i, which there is not, is error 2", (command) => {
  expect(new ImprovRig().write(frame(command))).toEqual(["error 2"]);
  expect(new ImprovRig().write(frame(command, bytes(1, 2, 3)))).toEqual(["error 2"]);
});

test("service data is state, capabilities and four zeros", () => {
  expect(hex(improvServiceData(2, 15))).toBe("020f00000000");
});

test("the service has the text's characteristics, with the right to read, write and be notified as it says", () => {
  const listed = improvCharacteristics.map(({ uuid, part, read, write, notify }) => [
    uuid.slice(-4),
    part,
    `${read ? "r" : ""}${write ? "w" : ""}${notify ? "n" : ""}`,
  ]);
  expect(listed).toEqual([
    ["8001", "state", "rn"],
    ["8002", "error", "rn"],
    ["8003", "command", "w"],
    ["8004", "result", "rn"],
    ["8005", "capabilities", "r"],
  ]);
  for (const { uuid } of improvCharacteristics) expect(uuid.slice(0, -2)).toBe(improvService.slice(0, -2));
});
