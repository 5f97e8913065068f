import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";

function mistakes(text: string): string[] {
  const parsed = parseScenario("a.yaml", text);
  if (parsed.ok) throw new Error(`taken: ${JSON.stringify(parsed.value)}`);
  return parsed.error.message.split("\n");
}

/** The mistake in a scenario that is otherwise right. */
function wrong(text: string): string {
  const found = mistakes(text.includes("duration") ? text : `${text}\nduration: 10m`);
  expect(found.length).toBe(1);
  return found[0]!;
}

describe("a mistake in a scenario is named by its place, what it is, and what would be right", () => {
  test.each([
    // The scenario
    ["", "a.yaml:1:1: the scenario is empty: the least that it needs is duration: 10m"],
    ["duration: 10m\nduraton: 5s", 'a.yaml:2:1: unknown key "duraton" in a scenario; did you mean duration?'],
    ["frobnicate: 1", 'a.yaml:1:1: unknown key "frobnicate" in a scenario; a scenario has name, about, seed, duration,'],
    ["name: x\nseed: 1 # duration", "a.yaml:1:1: duration is missing, such as duration: 10m"],
    ["- duration", "a.yaml:1:1: a scenario must be a table such as duration: 10m, not a list"],
    ["duration: 5", "a.yaml:1:11: duration needs a unit, such as 5s or 5m"],
    ["duration: -5s", "a.yaml:1:11: duration cannot be negative: times count from the scenario's start"],
    ["duration: 0s", "a.yaml:1:11: duration must be at least 1ms, not 0s"],
    ["duration: 900d", "a.yaml:1:11: duration must be at most 366d, not 900d"],
    [
      "duration: 5 min",
      'a.yaml:1:11: duration must be a time such as 500ms, 30s, 10m or 1h30m, not "5 min"; the units are ms, s, m, h and d',
    ],
    ["duration: 30m1h", 'a.yaml:1:11: duration must name each unit once, the largest first, such as 1h30m, not "30m1h"'],
    ["duration: 1m1m", 'a.yaml:1:11: duration must name each unit once, the largest first, such as 1h30m, not "1m1m"'],
    ["duration: [1s]", "a.yaml:1:11: duration must be a time such as 30s, not a list"],
    ["seed: -1", "a.yaml:1:7: seed must be a whole number from 0 to 4294967295, not -1"],
    ["seed: 1.5", "a.yaml:1:7: seed must be a whole number"],
    ["seed: .nan", "a.yaml:1:7: seed must be a whole number"],
    ["name: 42", 'a.yaml:1:7: name must be a text, not 42; in quotes it is a text: "42"'],
    ["name: ''", "a.yaml:1:7: name must be one line of at most 100 characters"],
    ["name: a\nname: b", 'a.yaml:2:1: "name" stands here twice: leave one of them out'],
    // Visits and networks
    ["visits: { at: 1m }", "a.yaml:1:9: visits must be a list of visits, not a table"],
    ["visits: [{ set: { broker.host: a.b } }]", "a.yaml:1:10: at is missing, such as at: 2m"],
    ["visits: [{ at: 1m }]", "a.yaml:1:10: nothing is done on this visit: add set, a table of settings such as { broker.host: 10.0.0.3 }"],
    ["visits: [{ at: 11m, undo: yes }]", "a.yaml:1:16: at must be at most 10m, not 11m"],
    ["visits: [{ at: 1m, undo: true }]", "a.yaml:1:26: undo must be yes or no, not true"],
    ["visits: [{ at: 1m, undo: yes, confirm: yes }]", "a.yaml:1:20: a visit either confirms what is on trial or undoes it: leave one out"],
    ["visits: [{ at: 1m, set: broker }]", 'a.yaml:1:25: set must be a table of settings such as { broker.host: 10.0.0.3 }, not "broker"'],
    ["visits: [{ at: 1m, undo: yes, set: { broker.hots: a } }]", 'there is no setting "broker.hots"; did you mean broker.host?'],
    ["visits: [{ at: 1m, undo: yes, set: { frob: 1 } }]", 'a.yaml:1:38: there is no setting "frob"; docs/config.md has them all'],
    ["visits: [{ at: 1m, undo: yes, set: { broker.port: 70000 } }]", "a.yaml:1:51: broker.port must be a whole number from 1 to 65535"],
    ["visits: [{ at: 1m, undo: yes, set: { broker.host: [a] } }]", "a.yaml:1:51: broker.host must be a text or a number, not a list"],
    ["visits: [{ at: 1m, undo: yes, board: baord }]", 'a.yaml:1:38: no board is named "baord"; did you mean board?'],
    ["networks: [{ password: x }]", "a.yaml:1:12: ssid is missing, such as ssid: shed"],
    ["networks: [{ ssid: '' }]", "a.yaml:1:20: ssid must be 1 to 32 bytes of text"],
    ["networks: [{ ssid: a }, { ssid: a }]", 'a.yaml:1:33: two networks are named "a": leave one of them out'],
    ["networks: [{ ssid: mote, password: x }]", "a.yaml:1:26: mote is the boards' own network: leave password out"],
    ["networks: [{ ssid: a, from: 2m, until: 1m }]", "a.yaml:1:33: until must not come before from, 2m"],
    // Boards
    ["boards: []", "a.yaml:1:9: there is no board: list at least one"],
    ["boards: { name: a }", "a.yaml:1:9: boards must be a list of boards, not a table"],
    ["boards: [{ count: 0 }]", "a.yaml:1:19: count must be a whole number from 1 to 10000, not 0"],
    ["boards: [{ count: 10001 }]", "a.yaml:1:19: count must be a whole number from 1 to 10000, not 10001"],
    ["boards: [{ count: 9999 }, { name: b, count: 2 }]", "a.yaml:1:45: these are 10001 boards: at most 10000 are possible"],
    ["boards: [{ name: a }, { name: a }]", 'a.yaml:1:31: two boards are named "a": give each a name of its own'],
    ["boards: [{ name: a, count: 3 }, { name: a-2 }]", 'a.yaml:1:41: two boards are named "a-2"'],
    ["boards: [{ name: a-2 }, { name: a, count: 3 }]", 'a.yaml:1:33: two boards are named "a-2"'],
    ["boards: [{}, {}]", 'a.yaml:1:14: two boards are named "board"'],
    ["boards: [{ name: 'a b' }]", "a.yaml:1:18: a board's name must be letters, digits, - and _"],
    ["boards: [{ board: esp23 }]", 'a.yaml:1:19: board must be esp32, esp32c3 or esp32s3, not "esp23"; did you mean esp32?'],
    [
      "boards: [{ app: porch }]",
      'a.yaml:1:17: app must be own, a file such as ./porch.ts, or an app: { sensors: …, channels: … }, not "porch"',
    ],
    ["boards: [{ apart: 1s }]", "a.yaml:1:12: apart is the time from one board's start to the next: it needs a count"],
    ["boards: [{ count: 10, apart: 2m }]", "a.yaml:1:23: the last of these boards would start after the scenario's end"],
    ["boards: [{ clock: 5000000000ms }]", "a.yaml:1:19: clock must be at most 49d17h2m47.295s, not 5000000000ms"],
    // Environments
    ["environment: { temprature: 20 }", 'a.yaml:1:16: unknown key "temprature" in an environment; did you mean temperature?'],
    ["environment: { temperature: 20, value: 21 }", "a.yaml:1:33: temperature and value mean the same quantity: leave one out"],
    ["environment: { temperature: warm }", "a.yaml:1:29: temperature must be a number, or one of constant, daily,"],
    ["environment: { temperature: hots }", 'not "hots"; did you mean host?'],
    ["environment: { temperature: [] }", "a.yaml:1:29: temperature is an empty list: it needs at least one part"],
    ["environment: { temperature: { dayly: {} } }", 'a.yaml:1:31: unknown kind of signal "dayly"; did you mean daily?'],
    ["environment: { temperature: { daily: { mean: 2 } } }", "a.yaml:1:38: amplitude is missing, such as amplitude: 1.5"],
    [
      "environment: { temperature: { noise: 1, daily: {} } }",
      'a.yaml:1:41: a part of a signal has one kind, and "noise" stands here already',
    ],
    ["environment: { temperature: { noise: -1 } }", "a.yaml:1:38: noise must be a number from 0 to 1000000000, not -1"],
    [
      "environment: { temperature: { steps: { 0: 1, 5: 2 } } }",
      'the time of a value in steps must be a time such as 500ms, 30s, 10m or 1h30m, not "5"',
    ],
    ["environment: { temperature: { ramp: { 5s: 1, 5000ms: 2 } } }", 'a.yaml:1:46: "5000ms" does not come after the time before it, 5s'],
    [
      "environment: { temperature: { ramp: { 5s: hot } } }",
      'a.yaml:1:43: the value at 5s must be a number from -1000000000 to 1000000000, not "hot"',
    ],
    ["environment: { temperature: { recording: a.txt } }", 'a.yaml:1:42: recording must be a file ending in .csv, not "a.txt"'],
    [
      "environment: { temperature: { recording: a.csv, column: hum } }",
      'a.yaml:1:57: column must be temperature, value, humidity, pressure, outdoor, pulses, analog or acceleration, not "hum"',
    ],
    ["environment: { temperature: { noise: 1, column: value } }", "a.yaml:1:41: only a recording has a column"],
    ["environment: { temperature: .inf }", "a.yaml:1:29: temperature must be a number from -1000000000 to 1000000000, not .inf"],
    // Faults
    ["faults: [{ at: 1m }]", "a.yaml:1:10: fault is missing, such as fault: wifi-down"],
    ["faults: [{ at: 1m, fault: wifi-dwn }]", 'a.yaml:1:27: unknown fault "wifi-dwn"; did you mean wifi-down?'],
    ["faults: [{ fault: wifi-down }]", "a.yaml:1:10: at is missing, such as at: 10m, or every: 1m"],
    ["faults: [{ at: 1, fault: wifi-down }]", "a.yaml:1:16: at needs a unit, such as 1s or 1m"],
    ["faults: [{ at: -1s, fault: wifi-down }]", "a.yaml:1:16: at cannot be negative"],
    ["faults: [{ at: 10m, fault: wifi-down }]", "a.yaml:1:12: the scenario is over by then: its duration is 10m"],
    ["faults: [{ at: 1m, every: 1m, fault: wifi-down }]", "a.yaml:1:12: a fault comes once (at) or again and again (every)"],
    ["faults: [{ at: 1m, chance: 0.5, fault: wifi-down }]", "a.yaml:1:20: chance is for a fault that repeats: add every"],
    ["faults: [{ every: 1m, until: 11m, fault: wifi-down }]", "a.yaml:1:23: the scenario is over before: its duration is 10m"],
    ["faults: [{ every: 1m, from: 2m, until: 2m, fault: wifi-down }]", "a.yaml:1:33: until must come after from, 2m"],
    ["faults: [{ every: 1ms, fault: nak }]\nduration: 30d", "a.yaml:1:12: this would repeat more than 1000000 times"],
    ["faults: [{ every: 1m, chance: 1.5, fault: wifi-down }]", "a.yaml:1:31: chance must be a number from 0 to 1, not 1.5"],
    ["faults: [{ at: 1m, for: 1s, fault: reset }]", "a.yaml:1:20: reset happens at once and is over: leave for out"],
    [
      "faults: [{ at: 1m, board: porhc, fault: reset }]\nboards: [{ name: porch }]",
      'a.yaml:1:27: no board is named "porhc"; did you mean porch?',
    ],
    ["faults: [{ at: 1m, board: x, fault: reset }]\nboards: [{ name: porch }]", 'a.yaml:1:27: no board is named "x"; there are porch'],
    ["faults: [{ at: 1m, sensor: climat, fault: stuck }]", 'a.yaml:1:28: no sensor is named "climat"; did you mean climate?'],
    ["faults: [{ at: 1m, sensor: x, fault: stuck }]", 'a.yaml:1:28: no sensor is named "x"; there are climate, weather, probe or meter'],
    ["faults: [{ at: 1m, sensor: climate, fault: dns }]", "a.yaml:1:20: dns strikes a whole board: leave sensor out"],
    [
      "faults: [{ at: 1m, board: board, fault: broker-down }]",
      "a.yaml:1:20: broker-down strikes the broker, which all boards share: leave board out",
    ],
    ["faults: [{ at: 1m, fault: spike }]", "a.yaml:1:10: spike needs by, how far, in the sensor's unit: with: { by: … }"],
    ["faults: [{ at: 1m, fault: loss, with: { shar: 0.1 } }]", 'a.yaml:1:41: unknown key "shar" in loss; did you mean share?'],
    ["faults: [{ at: 1m, fault: loss, with: { share: 2 } }]", "a.yaml:1:48: share must be a number from 0 to 1, not 2"],
    ["faults: [{ at: 1m, fault: latency, with: { by: 500 } }]", "a.yaml:1:48: by needs a unit, such as 500ms or 500s"],
    ["faults: [{ at: 1m, fault: broker-down, with: { session: gone } }]", 'a.yaml:1:57: session must be kept or lost, not "gone"'],
    ["faults: [{ at: 1m, fault: flash-flip, with: { bits: 1.5 } }]", "a.yaml:1:53: bits must be a whole number from 1 to 10000, not 1.5"],
    ["faults: [{ at: 1m, fault: dns, with: { share: 1 } }]", 'a.yaml:1:40: unknown key "share" in dns; it takes none'],
    // Conditions
    ["expect: [{ after: 1s }]", "a.yaml:1:10: what is looked at is missing: message, state or count, such as message: temperature"],
    ["expect: [{ message: a, state: { wifi: joined } }]", "a.yaml:1:24: message stands here already: make state an entry of its own"],
    ["expect: [{ state: { wifi: up } }]", 'a.yaml:1:27: wifi must be joined or away, not "up"'],
    ["expect: [{ state: { wlan: up } }]", 'a.yaml:1:21: unknown key "wlan" in a state; a state has power, wifi, broker'],
    ["expect: [{ state: joined }]", 'a.yaml:1:19: state must be a table such as { broker: connected }, not "joined"'],
    ["expect: [{ state: { power: on, wifi: joined } }]", "a.yaml:1:32: power stands here already: make wifi an entry of its own"],
    ["expect: [{ count: { mised: 1 } }]", 'a.yaml:1:21: unknown key "mised" in a count; did you mean missed?'],
    ["expect: [{ count: { missed: many } }]", 'a.yaml:1:29: missed must be a whole number, "at least 1", "at most 3", "more than 0"'],
    ["expect: [{ count: { missed: 0.5 } }]", "a.yaml:1:29: missed must be a whole number"],
    [
      "expect: [{ message: a, value: { above: 3 } }]",
      'a.yaml:1:31: value must be a number, "at least 19", "at most 24", "from 19 to 24" or "any", not a table',
    ],
    ["expect: [{ message: a, value: from 5 to 3 }]", "a.yaml:1:31: value must be a number"],
    ["expect: [{ message: a, error: crc }]", 'a.yaml:1:31: error must be bus, checksum, range, absent or overflow, not "crc"'],
    ["expect: [{ count: { missed: 0 }, text: a }]", "a.yaml:1:34: text belongs to a message, not to a count"],
    ["expect: [{ message: mote/x/temperature }]", 'a.yaml:1:21: message "mote/x/temperature": leave out what stands before the channel'],
    ["expect: [{ message: 'a/#/b' }]", 'a.yaml:1:21: message "a/#/b": # stands alone, at the end'],
    ["expect: [{ message: 'a+' }]", 'a.yaml:1:21: message "a+": + stands alone between slashes'],
    ["expect: [{ message: a, within: 1s, until: 5s }]", "a.yaml:1:36: within and until say the same: leave one out"],
    ["expect: [{ message: a, after: 6s, until: 5s }]", "a.yaml:1:35: until must not come before after, 6s"],
    ["expect: [{ message: a, after: 9m, within: 2m }]", "a.yaml:1:35: this ends at 11m, after the scenario's end: its duration is 10m"],
    ["expect: [{ message: a, after: 11m }]", "a.yaml:1:24: the scenario is over by then: its duration is 10m"],
    ["never: [{ mesage: a }]", 'a.yaml:1:11: unknown key "mesage" in a condition of never; did you mean message?'],
    // YAML itself
    ["boards: [1", "a.yaml:"],
    ["boards:\n\t- name: a", "a.yaml:2:1: a tab stands at the line's beginning: indent with blanks"],
    ["about: a: b", "a.yaml:1:8: there is a colon too many, or the line is indented too far: a text with a colon in it needs quotes"],
    ["duration 10m\nname: x", "a.yaml:1:1: this line is no key and value: a colon and a blank are missing, or it is indented wrongly"],
    ["name: @x", "a.yaml:1:7: a text cannot begin with this character: put it in quotes"],
    ["name: !x y", "a.yaml:1:7: a scenario has no tags: leave out what begins with !"],
    ["[a]: b", "a key must be a plain word"],
    ["%YAML 1.1\n---\nduration: 10m", "a.yaml:1:1: a scenario has no lines that begin with %: leave this out"],
    ["duration: 10m\n---\nduration: 10m", "a.yaml:2:1: a second document begins here (---): a file holds one scenario"],
    ["name: *x", "a.yaml:1:7: no anchor &x stands before this alias"],
  ])("%j", (text, message) => {
    expect(mistakes(text === "" || text.includes("uration") ? text : `${text}\nduration: 10m`)[0]).toContain(message);
  });

  test("alone, unless there are more", () => {
    expect(wrong("boards: [{ board: esp33 }]")).toContain("esp33");
    expect(wrong("faults: [{ at: 1m, fault: loss, with: { share: 2 } }]")).toContain("share");
    expect(wrong("expect: [{ message: a, value: hot }]")).toContain("value");
  });

  test("beside up to four others, in the order of their places", () => {
    const text = "duration: 5\nseed: x\nboards: [{ count: 0 }, { cuont: 1 }]\nfaults: [{ at: 1 }]\nexpect: [{}]";
    expect(mistakes(text).map((each) => each.split(": ")[0])).toEqual([
      "a.yaml:1:11",
      "a.yaml:2:7",
      "a.yaml:3:19",
      "a.yaml:3:26",
      "a.yaml:4:10",
      "… and more",
    ]);
  });

  test("without a word of more where all five of them are shown", () => {
    const five = mistakes("duration: 5\nseed: x\nboards: [{ count: 0 }, { cuont: 1 }]\nfaults: [{ at: 1 }]");
    expect([five.length, five.join().includes("more")]).toEqual([5, false]);
    const six = mistakes("duration: 5\nseed: x\nboards: [{ count: 0 }, { cuont: 1 }]\nfaults: [{ at: 1, board: no, fault: reset }]");
    expect([six.length, six[5]]).toEqual([6, "… and more: mend these first"]);
  });

  test.each([
    ["expect: [{ count: { missed: > 0 } }]", "a.yaml:1:29: missed must be in words: instead of > 0 write more than 0"],
    ["expect: [{ count: { missed: >0 } }]", "a.yaml:1:29: missed must be in words: instead of > 0 write more than 0"],
    ["expect: [{ count: { missed: >= 1 } }]", "a.yaml:1:29: missed must be in words: instead of >= 1 write at least 1"],
    ["expect: [{ count: { boots: < 3 } }]", "a.yaml:1:28: boots must be in words: instead of < 3 write less than 3"],
    ["expect: [{ count: { boots: <= 3 } }]", "a.yaml:1:28: boots must be in words: instead of <= 3 write at most 3"],
    ["expect: [{ count: { missed: '>0' } }]", "a.yaml:1:29: missed must be in words: instead of > 0 write more than 0"],
    ["expect:\n  - count:\n      missed: > 0", "a.yaml:3:15: missed must be in words: instead of > 0 write more than 0"],
    ["expect:\n  - count:\n      missed: >3", "a.yaml:3:15: missed must be in words: instead of > 3 write more than 3"],
    ["expect:\n  - count:\n      missed: >=10 # of all", "a.yaml:3:15: missed must be in words: instead of >= 10 write at least 10"],
    [
      "expect: [{ message: a, value: > 19.5 }]",
      "a.yaml:1:31: value must be in words: instead of > 19.5 write at least 19.5, which takes 19.5 too",
    ],
    ["expect: [{ message: a, value: <= -3 }]", "a.yaml:1:31: value must be in words: instead of <= -3 write at most -3"],
    ["expect: [{ count: { missed: > } }]", "a.yaml:1:29: a text cannot begin with this character: put it in quotes"],
    ["expect: [{ count: { missed: '> many' } }]", "a.yaml:1:29: missed must be a whole number"],
    ["name: > 0", "a.yaml:1:9: this is not YAML"],
  ])("with the words for signs of comparison: %j", (text, message) => {
    expect(mistakes(`${text}\nduration: 10m`)).toEqual([expect.stringContaining(message)]);
  });
});

describe("an app within a scenario", () => {
  const app = (sensors: string, channels = "{}"): string =>
    `duration: 1m\nboards:\n  - app:\n      sensors: ${sensors}\n      channels: ${channels}`;
  const air = "{ air: { driver: SHT3x, every: 1s } }";

  test.each([
    [
      app("{ air: { driver: SHT4x, every: 1s } }"),
      'a.yaml:4:33: driver must be SHT3x, BME280, NTC, PulseCounter or MPU6050, not "SHT4x"; did you mean SHT3x?',
    ],
    [app("{ air: { driver: SHT3x, every: 1000 } }"), "a.yaml:4:47: every needs a unit, such as 1000ms or 1000s"],
    [app("{ air: { driver: SHT3x } }"), "a.yaml:4:23: every is missing, such as every: 1s"],
    [app("{ Air: { driver: SHT3x, every: 1s } }"), 'a.yaml:4:18: sensor "Air": its name must be lower-case letters'],
    [app("{ air: { driver: SHT3x, on: analog, every: 1s } }"), 'a.yaml:4:18: sensor "air": a SHT3x hangs on i2c, not on analog'],
    [
      app("{ air: { driver: SHT3x, every: 1s, phase: 1s } }"),
      'a.yaml:4:18: sensor "air": phase (ms) must be a whole number from 0 to 999 (less than every (ms)), not 1000',
    ],
    [app("{ air: { driver: SHT3x, every: 1.5ms } }"), 'a.yaml:4:18: sensor "air": every (ms) must be a whole number'],
    [
      app("{ air: { driver: NTC, every: 1s, options: { read: 8 } } }"),
      'a.yaml:4:18: sensor "air": NTC: no option "read"; it takes nominalOhm',
    ],
    [app("{ air: { driver: NTC, every: 1s, options: { reads: 0 } } }"), 'a.yaml:4:18: sensor "air": NTC: "reads" must be'],
    [app("{ air: { driver: NTC, every: 1s, options: { __proto__: 0 } } }"), 'sensor "air": NTC: no option "__proto__"'],
    [app(air, "{ t: { resolution: 0.1 } }"), "a.yaml:5:22: from is missing, such as from: climate.thermometer.temperature"],
    [
      app(air, "{ t: { from: ari.thermometer.temperature, resolution: 0.1 } }"),
      'a.yaml:5:19: channel "t": from names the sensor "ari", which is not declared; declared: air; did you mean "air"?',
    ],
    [
      app(air, "{ t: { from: air.barometer.pressure, resolution: 0.1 } }"),
      'a.yaml:5:19: channel "t": a SHT3x has no barometer.pressure; from can be air.thermometer.temperature or air.hygrometer.humidity',
    ],
    [
      app(air, "{ status: { from: air.thermometer.temperature, resolution: 0.1 } }"),
      'a.yaml:5:19: channel "status": this name is the board\'s own topic',
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 0 } }"),
      'a.yaml:5:19: channel "t": resolution must be a decimal above 0',
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [{ meidan: 5 }] } }"),
      'unknown stage "meidan"; did you mean median?',
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [{ median: 4 }] } }"),
      'a.yaml:5:19: channel "t", stage 1 (median): window must be',
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [{ throttle: 4 }] } }"),
      "a.yaml:5:95: throttle needs a unit, such as 4s or 4m",
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [{ window: 4 }] } }"),
      "window must be a number of samples and a result, such as [60, mean]",
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [{ clamp: {} }] } }"),
      'channel "t", stage 1 (clamp): min and max are both missing',
    ],
    [
      app(air, "{ t: { from: air.thermometer.temperature, resolution: 1, stages: [median] } }"),
      "a stage must be a table of its name and value, such as { median: 5 }",
    ],
    ["duration: 1m\nboards: [{ app: {} }]", "a.yaml:2:17: sensors is missing, such as sensors: { climate: { driver: SHT3x, every: 1s } }"],
  ])("%j", (text, message) => {
    expect(mistakes(text)[0]).toContain(message);
  });

  test.each([
    ["of a channel", app(air, "{ t: { from: air.thermometer.temperature } }"), "a.yaml:5:22: resolution is missing"],
    ["of a sensor", app("{ air: { driver: SHT3x } }"), "a.yaml:4:23: every is missing"],
    ["of its key", `duration: 1m\nboards: [{ ap: { sensors: ${air} } }]`, 'a.yaml:2:12: unknown key "ap"'],
    ["of its board's name", `duration: 1m\nboards: [{}, { app: { sensors: ${air}, channels: {} } }]`, "a.yaml:2:14: two boards are named"],
  ])("with a mistake %s lets its sensors be named, and not only those of another app", (_, text, message) => {
    const found = mistakes(`${text}\nfaults: [{ at: 1s, fault: stuck, sensor: air }]`);
    expect(found).toEqual([expect.stringContaining(message)]);
  });
});
