/**
 * The configurator's page on a board of its own making, for tests of what is seen: no radio, no bytes. What the board does next,
 * a test says through `fake` on the page. Fault model: troubles of the browser and of the link as they are set; settings are
 * checked as the firmware does; a change is on trial until a test ends it; a lost link answers nothing any more.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { mistakeIn, type Field } from "../../firmware/config/field.js";
import { fieldNamed, settingNames } from "../../firmware/config/schema.js";
import { startPage } from "../../host-sim/configurator/page.js";
import type { Ground, LinkError, Place } from "../../host-sim/configurator/ground.js";
import type {
  BoardClient,
  BoardEvent,
  BoardInfo,
  FieldText,
  GattLink,
  PairingError,
  Reading,
  SettingValue,
  TrialState,
} from "../../host-sim/pairing/contract.js";

const id = "a0b1c2d3e4f5";

function fieldText(name: string): FieldText {
  const field = fieldNamed(name)!;
  const { type, secret, restart, about } = field;
  return {
    name,
    type,
    form: type === "text" ? field.form : "",
    bytesMax: type === "text" ? field.bytesMax : 0,
    min: type === "whole" ? field.min : 0,
    max: type === "whole" ? field.max : 0,
    unit: type === "whole" ? field.unit : "",
    choices: type === "choice" ? field.choices : [],
    default: String(field.default),
    secret,
    restart,
    trial: name.startsWith("wifi.") || name.startsWith("broker."),
    about,
  };
}

const points: FieldText = {
  ...fieldText("broker.username"),
  name: "calibration.points",
  bytesMax: 200,
  restart: false,
  trial: false,
  about: "Two points of a sensor's channel, and of others.",
};
const fields: readonly FieldText[] = [
  ...settingNames()
    .filter((name) => name !== points.name)
    .map(fieldText),
  points,
];

class FakeBoard {
  readonly set = new Map<string, string>([
    ["wifi.ssid", "Workshop"],
    ["wifi.password", "correct horse"],
    ["journal.blockS", "30"],
  ]);
  readonly builtIn = new Map<string, string>([["broker.host", "10.0.0.2"]]);
  info: BoardInfo = {
    protocol: 1,
    windowOpen: true,
    hasSecret: true,
    locked: false,
    sessionOpen: false,
    onTrial: false,
    guessesLeft: 20,
    windowS: 290,
    id,
    schema: 3,
    maximumWrite: 244,
  };
  trial: TrialState = { state: "none", leftS: 0, reason: "", names: [] };
  client: FakeClient | undefined;
  before: ReadonlyMap<string, string> = new Map();
  bootMs = performance.now();
}

class FakeClient implements BoardClient {
  onEvent: (event: BoardEvent) => void = () => {};
  onEnded: BoardClient["onEnded"] = () => {};
  dead = false;
  #live: ReturnType<typeof setInterval> | undefined;

  get info(): BoardInfo {
    return board.info;
  }

  #answer<Value>(value: () => Result<Value, PairingError> | Value): Promise<Result<Value, PairingError>> {
    fake.asked++;
    return new Promise((resolve) => {
      setTimeout(() => {
        if (this.dead) return resolve(failure("gone", "The connection to the board was lost."));
        const made = value();
        resolve(typeof made === "object" && made !== null && "ok" in made ? made : success(made));
      }, fake.delayMs);
    });
  }

  about = () =>
    this.#answer<ReadonlyMap<string, string>>(
      () =>
        new Map([
          ["name", "greenhouse"],
          ["app", "climate"],
          ["board", "esp32-c3"],
          ["id", id],
          ["firmware", "0.1.0"],
          ["schema", "3"],
          ["uptimeMs", "754000"],
          ["reset", "power-on"],
          ["windowS", "290"],
        ]),
    );
  settings = () =>
    this.#answer<readonly SettingValue[]>(() =>
      fields.flatMap(({ name, secret, default: standard }): SettingValue[] => {
        const origin = board.set.has(name) ? "set" : board.builtIn.has(name) ? "built-in" : "default";
        const value = board.set.get(name) ?? board.builtIn.get(name) ?? standard;
        if (secret) return value === "" ? [] : [{ origin, name, value: undefined }];
        return [{ origin, name, value }];
      }),
    );
  schema = () => this.#answer(() => fields);
  set(changes: ReadonlyMap<string, string>, forget: readonly string[] = []): ReturnType<BoardClient["set"]> {
    if (fake.loseAtSet !== undefined) {
      if (fake.loseAtSet === "after") for (const [name, value] of changes) board.set.set(name, value);
      fake.loseAtSet = undefined;
      setTimeout(() => fake.lose(), 1);
    }
    return this.#answer(() => {
      if (fake.refuse !== "") return failure("setting", fake.refuse);
      for (const [name, text] of changes) {
        const field = fieldNamed(name) as Field | undefined;
        const mistake = field === undefined ? undefined : mistakeIn(name, field, field.type === "whole" ? Number(text) : text);
        if (mistake !== undefined) return failure("setting", mistake);
      }
      const names = [...changes.keys(), ...forget];
      const trial = names.some((name) => fields.find((each) => each.name === name)?.trial === true);
      board.before = new Map(board.set);
      for (const [name, value] of changes) board.set.set(name, value);
      for (const name of forget) board.set.delete(name);
      if (trial) board.trial = { state: "trial", leftS: 180, reason: "", names };
      const restart = names.filter((name) => fields.find((each) => each.name === name)?.restart === true);
      return success({ state: trial ? ("trial" as const) : ("kept" as const), leftS: trial ? 180 : 0, restart });
    });
  }
  trial = () => this.#answer(() => board.trial);
  confirm = () =>
    this.#answer(() => {
      board.trial = { ...board.trial, state: "kept", leftS: 0 };
      return board.trial;
    });
  undo = () =>
    this.#answer(() => {
      board.trial = { ...board.trial, state: "undone", leftS: 0, reason: "asked for" };
      board.set.clear();
      for (const [name, value] of board.before) board.set.set(name, value);
      return board.trial;
    });
  scan = () => this.#answer(() => fake.networks.map(([ssid, rssi, security]) => ({ ssid, rssi, security }) as const));
  live(on: boolean): ReturnType<BoardClient["live"]> {
    clearInterval(this.#live);
    if (on) {
      fake.emitReadings();
      this.#live = setInterval(() => fake.emitReadings(), 200);
    }
    return this.#answer(() => undefined);
  }
  log = (first: number) =>
    this.#answer(() =>
      ["started after power-on, 0 settings wrong", "wifi: joining Workshop", "wifi: up 192.168.4.23", "broker 10.0.0.2:1883: connected"]
        .map((text, index) => ({ number: index, ms: 120 + 850 * index, text }))
        .filter(({ number }) => number >= first),
    );
  health = () =>
    this.#answer<ReadonlyMap<string, string>>(
      () =>
        new Map([
          ["network", fake.network],
          ["broker", "up"],
          ["rssi", "-61"],
          ["samples", "14210"],
          ["late", "0"],
          ["missed", "2"],
        ]),
    );
  journal = () =>
    this.#answer<ReadonlyMap<string, string>>(
      () =>
        new Map([
          ["recorded", "14210"],
          ["blocks", "31"],
          ["dropped", "0"],
          ["waiting", "2"],
        ]),
    );
  identify = () => this.#answer<undefined>(() => (fake.led ? undefined : failure("board", "This board has no LED.")));
  restart = () =>
    this.#answer<undefined>(() => {
      setTimeout(() => fake.lose(), 20);
      return undefined;
    });
  factoryReset = () =>
    this.#answer<undefined>(() => {
      board.set.clear();
      fake.erased = true;
      setTimeout(() => fake.lose(), 20);
      return undefined;
    });
  raw = () => this.#answer<readonly Reading[]>(() => fake.rawReadings());

  close(): void {
    clearInterval(this.#live);
    this.dead = true;
  }

  end(kind: PairingError, message: string): void {
    if (this.dead) return;
    clearInterval(this.#live);
    this.dead = true;
    this.onEnded({ kind, message });
  }
}

const board = new FakeBoard();

/** What a test does with the board. */
const fake = {
  asked: 0,
  delayMs: 5,
  led: true,
  erased: false,
  refuse: "",
  /** Lost while a change is on its way: before it arrived, or after. */
  loseAtSet: undefined as "before" | "after" | undefined,
  bluetooth: undefined as LinkError | undefined,
  choice: undefined as LinkError | undefined,
  link: undefined as LinkError | "closed" | undefined,
  secretFits: true,
  networks: [
    ["Workshop", -48, "wpa"],
    ["Neighbours have a long name", -63, "wpa"],
    ["Guests", -71, "open"],
    ["old printer", -84, "wep"],
  ] as readonly (readonly [string, number, "open" | "wep" | "wpa"])[],
  rawC: 20.5,
  temperatureC: undefined as number | undefined,
  board,
  /** Of the first simulated board. */
  code: "fake",
  /** How the network is when it is asked. */
  network: "up 192.168.4.23",
  /** So often the board cannot be reached yet. */
  unreachable: 0,
  event(event: BoardEvent): void {
    board.client?.onEvent(event);
  },
  trialEnds(state: "kept" | "undone", reason = ""): void {
    board.trial = { ...board.trial, state, leftS: 0, reason };
    if (state === "undone") {
      board.set.clear();
      for (const [name, value] of board.before) board.set.set(name, value);
    }
    fake.event({ kind: "trial", trial: board.trial });
  },
  lose(): void {
    board.client?.end("gone", "");
  },
  end(kind: PairingError, message: string): void {
    board.client?.end(kind, message);
  },
  rawReadings(): Reading[] {
    const ms = performance.now() - board.bootMs;
    return [
      { channel: "climate.thermometer.temperature", value: fake.rawC + 0.01 * Math.sin(ms), error: undefined, unit: "°C", ms },
      { channel: "climate.hygrometer.humidity", value: 44.1, error: undefined, unit: "%", ms },
    ];
  },
  emitReadings(): void {
    const ms = performance.now() - board.bootMs;
    const say = (channel: string, value: number | undefined, unit: string, error?: string): void =>
      fake.event({ kind: "live", reading: { channel, value, error, unit, ms } });
    // A sensor has steps.
    const step = (value: number): number => Number(value.toFixed(2));
    say("temperature", fake.temperatureC ?? step(21.4 + Math.sin(ms / 900) + 0.2 * Math.sin(ms / 130)), "°C");
    say("humidity", step(44 + 3 * Math.cos(ms / 1500)), "%");
    say("pressure", step(1013.2 + 0.1 * Math.sin(ms / 400)), "hPa");
    say("rain", undefined, "mm", "bus: no answer");
  },
};

const link: GattLink = {
  name: "Mote d3e4f5",
  readInfo: () => Promise.reject(new Error("the fake's info is not in bytes")),
  write: () => Promise.resolve(),
  onFrame: () => {},
  onClosed: () => {},
  close: () => {},
};

const place: Place = {
  name: "Mote d3e4f5",
  connect: async () => {
    await new Promise((resolve) => setTimeout(resolve, 10 * fake.delayMs));
    if (fake.unreachable > 0) {
      fake.unreachable--;
      return failure("unreachable", "");
    }
    return fake.link === undefined ? success(link) : failure(fake.link, "");
  },
};

const press = (): Promise<void> => {
  board.info = { ...board.info, windowOpen: true, locked: false, guessesLeft: 20 };
  return Promise.resolve();
};

const ground: Ground = {
  bluetoothTrouble: () => Promise.resolve(fake.bluetooth),
  choose: () => Promise.resolve(fake.choice === undefined ? success(place) : failure(fake.choice, "")),
  simulator: {
    boards: () =>
      Promise.resolve([
        { name: "board-1", id, reachable: board.info.windowOpen, state: "window closed", code: fake.code },
        { name: "board-2", id: "000000000001", reachable: false, state: "window closed", code: undefined },
      ]),
    pressButton: press,
    place: () => ({ ...place, pressButton: press }),
  },
  info: () => Promise.resolve(board.info),
  open: async () => {
    await new Promise((resolve) => setTimeout(resolve, 10 * fake.delayMs));
    if (!fake.secretFits) {
      board.info = { ...board.info, guessesLeft: board.info.guessesLeft - 1 };
      return failure("secret", "");
    }
    board.client = new FakeClient();
    return success(board.client);
  },
};

const page = globalThis as unknown as { fake: typeof fake; location: { readonly search: string } };
page.fake = fake;
// What has to hold before the page begins.
const { info, ...set } = JSON.parse(decodeURIComponent(page.location.search.slice(1).split("&")[0]!) || "{}") as {
  info?: Partial<BoardInfo>;
};
Object.assign(fake, set);
board.info = { ...board.info, ...info };
if (page.location.search.includes("nosimulator")) Object.assign(ground, { simulator: undefined });
startPage(ground);
