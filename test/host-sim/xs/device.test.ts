/** The Device inside XS, call by call, against one that writes down what arrives. */
import { afterEach, describe, expect, test } from "vitest";
import { boards } from "../../../firmware/boards/board.js";
import { deviceCalls } from "../../../host-sim/xs/device-calls.js";
import { type Machine, openMachine } from "../../../host-sim/xs/machine.js";
import { link } from "../../../host-sim/xs/modules.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { onXs, withoutXs } from "./available.js";
import { recordedDevice, type RecordedDevice } from "./recorded-device.js";

const machines: Machine[] = [];
afterEach(() => {
  for (const each of machines.splice(0)) each.close();
});

const reporting = 1000;

/** Runs `source` in XS, where `device` and `tell(value)` are at hand. Returns what was told, and the machine. */
function run(recorded: RecordedDevice, source: string): { told: unknown[]; machine: Machine } {
  const program = findProgram();
  if (!program.ok) throw new Error(program.error.message);
  const entry = `import { device } from "host-sim/xs/device"; const tell = (value) => hostCall(${reporting}, JSON.stringify(value)); ${source}`;
  const linked = link({ sources: { entry }, entries: ["entry"], preload: ["host-sim/xs/device"] });
  if (!linked.ok) throw new Error(linked.error.message);
  const told: unknown[] = [];
  const opened = openMachine({
    program: program.value.path,
    flash: linked.value,
    arenaBytes: 64 * 1024,
    nowMs: () => recorded.device.clock.nowMs(),
    ...deviceCalls(
      recorded.device,
      (index, once, ...values) => {
        const called = machine.dispatch(index, once, ...values);
        if (!called.ok) throw new Error(called.error.message);
      },
      { [reporting]: (json: string) => void told.push(JSON.parse(json)) },
    ),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const machine = opened.value;
  machines.push(machine);
  const ran = machine.run("entry");
  if (!ran.ok) throw new Error(ran.error.message);
  return { told, machine };
}

describe.skipIf(withoutXs)(onXs("the Device in XS"), () => {
  test("I²C: options arrive as given, reads fill the caller's buffer in place, failures throw their message", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const sensor = new device.I2C({ data: 21, clock: 22, hz: 400000, address: 0x44, timeout: 25 });
      const all = new Uint8Array(6);
      tell([sensor.read(all.subarray(2, 5)), ...all]);
      sensor.write(Uint8Array.of(1, 2, 3));
      for (const attempt of [() => sensor.write(Uint8Array.of(0xff)), () => new device.I2C({ data: 21, clock: 22, hz: 1, address: 0x7f }), () => { sensor.close(); sensor.read(all); }])
        try { attempt(); } catch (error) { tell(error.message); }
      sensor.close();`,
    );
    expect(told).toEqual([[3, 0, 0, 0x44, 0x45, 0x46, 0], "no acknowledge", "0x7f is taken", "closed"]);
    expect(recorded.log).toEqual([
      ["i2c", { data: 21, clock: 22, hz: 400000, address: 0x44, timeout: 25 }],
      ["i2c write", "1 2 3"],
      ["i2c write", "255"],
      ["i2c", { data: 21, clock: 22, hz: 1, address: 0x7f }],
      ["i2c close"],
    ]);
  });

  test("a read of I²C allocates nothing", () => {
    const { told } = run(
      recordedDevice(boards.esp32),
      `
      const sensor = new device.I2C({ data: 21, clock: 22, hz: 400000, address: 0x44 });
      const into = new Uint8Array(6);
      sensor.read(into);
      const slots = slotsInUse(), bytes = chunkBytesInUse(), before = collections();
      for (let i = 0; i < 20; i++) sensor.read(into);
      const s = slotsInUse() - slots, b = chunkBytesInUse() - bytes;
      tell([s, b, collections() - before]);`,
    );
    expect(told).toEqual([[0, 0, 0]]);
  });

  test("analog: counts, a failed conversion as undefined, and the resolution", () => {
    const { told } = run(
      recordedDevice(boards.esp32),
      "const pin = new device.Analog({ pin: 34 }); tell([pin.read(), pin.resolution, new device.Analog({ pin: 0 }).read() === undefined]); pin.close();",
    );
    expect(told).toEqual([[3400, 12, true]]);
  });

  test("digital: XS's own constants become the Device's, edges call back until it is closed", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const { Digital } = device;
      const input = new Digital({ pin: 27, mode: Digital.InputPullUp, edge: Digital.Rising + Digital.Falling, onReadable: () => tell("edge " + input.read()) });
      const output = new Digital({ pin: 2, mode: Digital.OutputOpenDrain, initialValue: 1 });
      output.write(1);
      tell(output.read());
      const other = new Digital({ pin: 9, mode: Digital.Input, edge: Digital.Falling, onReadable: () => { tell("closing"); other.close(); other.close(); } });`,
    );
    recorded.events["edge 27"]!();
    recorded.events["edge 9"]!();
    recorded.events["edge 9"]!();
    recorded.events["edge 27"]!();
    expect(told).toEqual([1, "edge 0", "closing", "edge 0"]);
    expect(recorded.log).toEqual([
      ["digital", { pin: 27, mode: 11, edge: 192 }, true],
      ["digital", { pin: 2, mode: 14, initialValue: 1 }, false],
      ["digital", { pin: 9, mode: 10, edge: 128 }, true],
      ["digital close"],
    ]);
  });

  test("TCP: bytes both ways, all three callbacks, and none after it was closed", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const socket = new device.TCP({
        address: "10.0.0.1", port: 1883, nodelay: true,
        onReadable(bytes) { const read = socket.read(); tell(["readable", bytes, read instanceof ArrayBuffer ? [...new Uint8Array(read)] : null]); },
        onWritable(bytes) { tell(["writable", bytes, socket.write(Uint8Array.of(1, 2))]); },
        onError() { tell("error"); socket.close(); socket.close(); },
      });`,
    );
    const { readable, writable, error } = recorded.events as Record<string, (bytes?: number) => void>;
    writable!(500);
    readable!(3);
    recorded.nowMs = 5;
    readable!(3);
    error!();
    error!();
    readable!(3);
    expect(told).toEqual([["writable", 500, 998], ["readable", 3, null], ["readable", 3, [7, 8, 9]], "error"]);
    expect(recorded.log).toEqual([["tcp", { address: "10.0.0.1", port: 1883, nodelay: true }], ["tcp write", "1 2"], ["tcp close"]]);
  });

  test("a Device that calls back before its constructor returns is heard", () => {
    const { told } = run(
      recordedDevice(boards.esp32),
      'new device.TCP({ address: "10.0.0.2", port: 1, onError: () => tell("refused at once") });',
    );
    expect(told).toEqual(["refused at once"]);
  });

  test("Wi-Fi: properties, changes by name, and options without what was left out", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const wifi = new device.WiFi({ onChanged: (property) => tell([property, wifi.connection]) });
      tell([wifi.connection, wifi.address === undefined, wifi.MAC, wifi.RSSI]);
      wifi.connect({ SSID: "näturlich", password: "geheim" });
      wifi.connect({ SSID: "open" });
      wifi.disconnect();`,
    );
    recorded.events["changed"]!("connection" as never);
    expect(told).toEqual([
      [200, true, "02:00:00:00:00:01", -61],
      ["connection", 500],
    ]);
    expect(recorded.log).toEqual([
      ["wifi connect", { SSID: "näturlich", password: "geheim" }],
      ["wifi connect", { SSID: "open" }],
      ["wifi disconnect"],
    ]);
  });

  test("flash: reads in place, writes, erases one block or several, status, a missing partition", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const journal = device.flash.open({ path: "journal", mode: "r+" });
      const into = new Uint8Array(3);
      tell([journal.read(into, 4099), ...into]);
      journal.write(Uint8Array.of(9, 8), 12);
      journal.eraseBlock(1);
      journal.eraseBlock(0, 2);
      tell(journal.status());
      journal.close();
      try { device.flash.open({ path: "nowhere" }); } catch (error) { tell(error.message); }`,
    );
    expect(told).toEqual([[3, 3, 3, 3], { size: 8192, blockLength: 4096, blocks: 2 }, "no partition nowhere"]);
    expect(recorded.log).toEqual([
      ["flash", { path: "journal", mode: "r+" }],
      ["flash write", "9 8", 12],
      ["flash erase", 1],
      ["flash erase", 0, 2],
      ["flash close"],
      ["flash", { path: "nowhere" }],
    ]);
  });

  test("key-value storage: values both ways, what is not there, failures by their names, a missing namespace", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const store = device.keyValue.open({ path: "mote" });
      const read = store.read("four");
      tell([read instanceof ArrayBuffer, ...new Uint8Array(read), store.read("absent") === undefined]);
      store.write("a", Uint8Array.of(9, 8));
      store.write("view", Uint8Array.of(9, 8, 7).subarray(1));
      store.delete("a");
      for (const attempt of [() => store.write("full", Uint8Array.of(1)), () => device.keyValue.open({ path: "none", mode: "r" }), () => { store.close(); store.read("four"); }])
        try { attempt(); } catch (error) { tell(error.message); }
      store.close();`,
    );
    expect(told).toEqual([[true, 4, 0, 255, true], "ESP_ERR_NVS_NOT_ENOUGH_SPACE", "ESP_ERR_NVS_NOT_FOUND", "closed"]);
    expect(recorded.log).toEqual([
      ["key-value", { path: "mote" }],
      ["key-value write", "a", "9 8"],
      ["key-value write", "view", "8 7"],
      ["key-value delete", "a"],
      ["key-value write", "full", "1"],
      ["key-value", { path: "none", mode: "r" }],
      ["key-value close"],
    ]);
  });

  test("names resolve once, to an address or to nothing", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      'for (const name of ["a.mote", "b.mote"]) device.resolve(name, (address) => tell([name, address ?? null]));',
    );
    recorded.events["resolved b.mote"]!();
    recorded.events["resolved a.mote"]!("10.0.0.7" as never);
    expect(told).toEqual([
      ["b.mote", null],
      ["a.mote", "10.0.0.7"],
    ]);
  });

  test("the clock is the board's as of the last message, across 2^31 ms", () => {
    const recorded = recordedDevice(boards.esp32);
    recorded.nowMs = 2 ** 31 - 1;
    const { told } = run(recorded, "tell(device.clock.nowMs()); device.timers.set(() => tell(device.clock.nowMs()), 5);");
    recorded.nowMs = 2 ** 32 + 7;
    recorded.events["timer 1"]!();
    expect(told).toEqual([2 ** 31 - 1, 2 ** 32 + 7]);
  });

  test("timers fire once, and clearing one that fired or was cleared touches no other", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told } = run(
      recorded,
      `
      const first = device.timers.set(() => { tell("first"); second = device.timers.set(() => tell("second"), 20); device.timers.clear(first); }, 10);
      let second;
      const third = device.timers.set(() => tell("third"), 30);
      device.timers.clear(third);
      device.timers.clear(third);
      device.timers.clear(undefined);`,
    );
    recorded.events["timer 1"]!();
    recorded.events["timer 3"]!();
    expect(told).toEqual(["first", "second"]);
    expect(recorded.log).toEqual([
      ["timer", 1, 10],
      ["timer", 2, 30],
      ["timer clear", 2],
      ["timer", 3, 20],
    ]);
  });

  test("two thousand timers one after the other leave nothing behind", () => {
    const recorded = recordedDevice(boards.esp32);
    const { told, machine } = run(
      recorded,
      "let count = 0; const again = () => { count++; device.timers.set(again, 1); }; again(); hostCallbacks()[5] = () => { tell(count); tell(hostCallbacks().length); };",
    );
    const before = machine.memory(true);
    for (let timer = 1; timer <= 2000; timer++) recorded.events["timer " + timer]!();
    const after = machine.memory(true);
    if (!before.ok || !after.ok) throw new Error("no memory");
    expect(after.value.slotsInUseBytes).toBe(before.value.slotsInUseBytes);
    expect(after.value.chunksInUseBytes).toBe(before.value.chunksInUseBytes);
    machine.dispatch(5, false);
    expect(told).toEqual([2001, 6]);
  });

  test("random bytes, hashes, ciphers and keys", () => {
    const { told } = run(
      recordedDevice(boards.esp32),
      `
      const b = (n) => new Uint8Array(n), list = (x) => x === undefined ? null : [x instanceof Uint8Array, ...x];
      const into = b(3); device.random(into);
      const { crypto } = device, pair = crypto.generateKeyPair();
      tell([...into]);
      tell([crypto.sha256(b(5)), crypto.hmacSha256(b(6), b(7)), crypto.seal(b(16), b(12), b(1), b(2)), crypto.open(b(16), b(12), b(1), b(0)), crypto.open(b(16), b(12), b(1), b(9)),
        pair.privateKey, pair.publicKey, crypto.agree(b(32), b(65)), crypto.agree(b(32), b(64))].map(list));`,
    );
    expect(told).toEqual([
      [42, 42, 42],
      [[true, 5, 32], [true, 6, 7], [true, 16, 12, 1, 2], null, [true, 16, 12, 1, 9], [true, 1, 2], [true, 4, 5, 6], [true, 32, 65], null],
    ]);
  });

  test("who it is: a board of the table comes from flash, any other in full", () => {
    const source =
      'import { boards } from "firmware/boards/board"; tell([device.id, device.power.resetReason, device.board.name, device.board.pulse, device.board === boards.esp32c3]); device.power.restart();';
    const known = recordedDevice(boards.esp32c3);
    expect(run(known, source).told).toEqual([["0200000000ff", "brown-out", boards.esp32c3.name, boards.esp32c3.pulse, true]]);
    expect(known.log).toEqual([["restart"]]);
    const own = recordedDevice({ ...boards.esp32, name: "mine", pulse: 33 });
    expect(run(own, source).told).toEqual([["0200000000ff", "brown-out", "mine", 33, false]]);
  });

  test("costs the arena next to nothing: a handle an instance", () => {
    const { told } = run(
      recordedDevice(boards.esp32),
      `
      const instances = [0, 0, 0, 0];
      const options = { pin: 1 };
      const before = slotsInUse();
      for (let i = 0; i < 4; i++) instances[i] = new device.Analog(options);
      tell((slotsInUse() - before) / 4);`,
    );
    expect(told).toEqual([2]);
  });

  test("an exception in a callback reaches whoever called it", () => {
    const recorded = recordedDevice(boards.esp32);
    run(recorded, 'device.timers.set(() => { throw new Error("broken invariant: never"); }, 1);');
    expect(() => recorded.events["timer 1"]!()).toThrow("broken invariant: never");
  });
});
