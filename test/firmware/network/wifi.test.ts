import { describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { joinNetwork } from "./join.js";
import { simulatedBoard } from "../simulated-board.js";

type Board = ReturnType<typeof simulatedBoard>;

/** A network that joins `attic`, and the times at which its radio was asked to, ms. */
function joining(password = "swordfish", prepare: (board: Board) => void = () => {}, seed = 1) {
  const board = simulatedBoard(seed);
  prepare(board);
  const told: string[] = [];
  const network = board.on(() =>
    joinNetwork(
      board.device,
      { ssid: "attic", password },
      () => told.push("up"),
      () => told.push("down"),
    ),
  );
  const attemptsMs = () => board.lines.filter(({ what }) => what === "wifi.connect").map(({ us }) => us / 1000);
  return { ...board, network, told, attemptsMs };
}

test("it joins, waits for an address, and says so once", () => {
  const { network, told, pass, board } = joining();
  expect(network.state).toBe("joining");
  pass(300);
  expect([network.state, told, board.link.up]).toEqual(["joining", [], false]);
  pass(200);
  expect([network.state, told, board.link.up, network.failures]).toEqual(["up", ["up"], true, 0]);
  pass(3_600_000);
  expect([told, network.failures]).toEqual([["up"], 0]);
});

test("an open network is joined without a password", () => {
  const asked: unknown[] = [];
  const { device, on } = simulatedBoard();
  class Radio {
    connection = 200;
    MAC = undefined;
    RSSI = undefined;
    address = undefined;
    connect(options: object): void {
      asked.push(options);
    }
    configure(): void {}
    scan(): void {}
    disconnect(): void {}
    close(): void {}
  }
  const open = { ...device, WiFi: Radio };
  const nothing = () => undefined;
  on(() => joinNetwork(open, { ssid: "cafe", password: "" }, nothing, nothing));
  on(() => joinNetwork(open, { ssid: "attic", password: "swordfish" }, nothing, nothing));
  expect(asked).toEqual([{ SSID: "cafe" }, { SSID: "attic", password: "swordfish" }]);
});

describe("back-off", () => {
  /** Pauses between the end of an attempt that failed after `lastsMs` and the next. */
  const pauses = (attemptsMs: readonly number[], lastsMs: number): number[] =>
    attemptsMs.slice(1).map((atMs, index) => atMs - attemptsMs[index]! - lastsMs);

  test.each([
    ["a wrong password", "haddock", () => {}, 250],
    [
      "no access point",
      "swordfish",
      ({ accessPoint }: Board) => {
        accessPoint.present = false;
      },
      250,
    ],
    [
      "no DHCP",
      "swordfish",
      ({ accessPoint }: Board) => {
        accessPoint.dhcp = false;
      },
      limits.joinTimeoutMs,
    ],
  ] as const)(
    "with %s it grows from half a second to a minute, by doubling, with jitter, and never ends",
    (_, password, prepare, lastsMs) => {
      const { network, told, pass, attemptsMs } = joining(password, prepare);
      pass(3_600_000);
      const waited = pauses(attemptsMs(), lastsMs);
      expect(waited.length).toBeGreaterThan(40);
      const { backoffShortestMs, backoffLongestMs } = limits;
      for (const [index, waitMs] of waited.entries()) {
        const baseMs = Math.min(backoffLongestMs, backoffShortestMs * 2 ** index);
        expect(waitMs).toBeGreaterThanOrEqual(baseMs / 2 - 1);
        expect(waitMs).toBeLessThanOrEqual(baseMs + 1);
      }
      // Jitter: at the longest base, no two are the same, and they lie all over the range.
      const long = waited.slice(8).map((waitMs) => Math.round(waitMs));
      expect(new Set(long).size).toBeGreaterThan(long.length * 0.9);
      expect(Math.max(...long) - Math.min(...long)).toBeGreaterThan(20_000);
      expect(told).toEqual([]);
      expect(network.failures).toBeGreaterThanOrEqual(waited.length);
    },
  );

  test("two boards do not come back in step", () => {
    const absent = ({ accessPoint }: Board) => void (accessPoint.present = false);
    const [one, two] = [1, 2].map((seed) => {
      const board = joining("swordfish", absent, seed);
      board.pass(60_000);
      return board.attemptsMs();
    });
    expect(one!.slice(1, 6)).not.toEqual(two!.slice(1, 6));
  });

  test("it is short again after the network was up", () => {
    const { accessPoint, pass, attemptsMs } = joining();
    accessPoint.present = false;
    pass(300_000);
    accessPoint.present = true;
    pass(70_000);
    const before = attemptsMs().length;
    accessPoint.present = false;
    const lostMs = 370_000;
    pass(limits.returnSpreadMs + 1000);
    expect(attemptsMs()[before]! - lostMs).toBeLessThanOrEqual(limits.returnSpreadMs + 1);
  });
});

test("a network that is lost is told at once, and joined again when it is back", () => {
  const { accessPoint, network, told, pass, board } = joining();
  pass(1000);
  accessPoint.present = false;
  pass(1);
  expect([told, network.state, network.failures, board.link.up]).toEqual([["up", "down"], "waiting", 1, false]);
  pass(30_000);
  expect(told).toEqual(["up", "down"]);
  accessPoint.present = true;
  pass(limits.backoffLongestMs + 1000);
  expect([told, network.state, board.link.up]).toEqual([["up", "down", "up"], "up", true]);
});

test("news that come together, after the thread was busy, are taken for what they are now: lost, once", () => {
  const { accessPoint, network, told, pass, board, timers } = joining();
  pass(300);
  board.cpu.post(() => board.cpu.charge(2_000_000));
  pass(700);
  accessPoint.present = false;
  pass(1350);
  expect([told, network.state, network.failures, timers.size]).toEqual([[], "waiting", 1, 1]);
});

test("a radio that throws is tried again after the back-off", () => {
  const { device, on, pass } = simulatedBoard();
  let attempts = 0;
  class Stubborn extends device.WiFi {
    override connect(options: { SSID: string; password?: string }): void {
      attempts++;
      if (attempts <= 3) throw new Error("already connecting");
      super.connect(options);
    }
  }
  const told: string[] = [];
  const network = on(() =>
    joinNetwork(
      { ...device, WiFi: Stubborn },
      { ssid: "attic", password: "swordfish" },
      () => told.push("up"),
      () => told.push("down"),
    ),
  );
  pass(10_000);
  expect([attempts, network.failures, told]).toEqual([4, 3, ["up"]]);
});

describe("stop", () => {
  test.each([
    ["while joining", 100],
    ["while up", 1000],
  ])("%s leaves the access point, leaves no timer, and nothing is called afterwards", (_, afterMs) => {
    const { network, told, pass, on, timers, open, board, accessPoint, attemptsMs } = joining();
    pass(afterMs);
    const before = [...told];
    on(() => network.stop());
    expect([network.state, timers.size, open.size, board.link.up]).toEqual(["stopped", 0, 0, false]);
    accessPoint.present = false;
    pass(1000);
    accessPoint.present = true;
    pass(120_000);
    expect([told, attemptsMs().length]).toEqual([before, 1]);
  });

  test("while waiting leaves no timer, and nothing is tried any more", () => {
    const { network, pass, on, timers, attemptsMs } = joining("haddock");
    pass(10_000);
    expect(network.state).toBe("waiting");
    const attempts = attemptsMs().length;
    on(() => network.stop());
    pass(120_000);
    expect([timers.size, attemptsMs().length]).toEqual([0, attempts]);
  });
});
