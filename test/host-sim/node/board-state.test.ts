/** A board's flash in a folder: it comes back as it was, one process at a time has it, and what is no board's is refused. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BoardState, openState } from "../../../host-sim/node/board-state.js";
import { sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mote-state-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function opened(mode: "read" | "write" = "write"): BoardState {
  const state = openState(folder, mode);
  if (!state.ok) throw new Error(state.error.message);
  return state.value;
}

function refusal(path = folder, mode: "read" | "write" = "write"): string {
  const state = openState(path, mode);
  if (!state.ok) return state.error.message;
  state.value.close();
  return "";
}

/** What a board holds, in full. */
function contents({ board }: ReturnType<typeof simulatedBoard>): unknown {
  const flash = Array.from(board.flash, ([label, partition]) => {
    const written = Array.from(partition.sectors.keys(), (index) => {
      const bytes = new Uint8Array(sectorBytes);
      partition.read(bytes, index * sectorBytes);
      return [index, [...bytes]];
    });
    return [label, written];
  });
  return { flash, keyValue: board.keyValue.snapshot() };
}

function used(seed: number): ReturnType<typeof simulatedBoard> {
  const made = simulatedBoard(seed);
  made.board.flash.get("journal")!.program(Uint8Array.of(1, 2, 3, 0), 5 * sectorBytes + 16);
  made.board.flash.get("config")!.program(Uint8Array.of(seed, 0, 0, 0), sectorBytes);
  made.on(() => {
    const store = made.device.keyValue.open({ path: "test" });
    for (let round = 0; round < 200; round++) store.write("key " + (round % 7), new Uint8Array(40).fill(round));
    store.delete("key 3");
  });
  return made;
}

describe("a board's state", () => {
  test("comes back as it was, in the next run and in every one after going back", () => {
    const made = used(1);
    const state = opened();
    state.attach(made.board);
    expect(state.close()).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(["config.flash", "journal.flash", "nvs.json", "secret.flash"]);

    const again = opened();
    for (let run = 0; run < 2; run++) {
      const board = simulatedBoard(2);
      again.restore(board.board);
      expect(contents(board)).toEqual(contents(made));
      // It goes on working: pages are reclaimed, values read.
      board.on(() => {
        const store = board.device.keyValue.open({ path: "test" });
        for (let round = 0; round < 500; round++) store.write("key " + (round % 9), new Uint8Array(40).fill(round));
        expect(store.read("key 4")).toBeDefined();
      });
    }
    again.close();
  });

  test("is not saved while it is on its way back, and saved again afterwards", () => {
    const state = opened();
    let replaying = true;
    state.attach(used(1).board, () => !replaying);
    state.close();
    expect(existsSync(join(folder, "config.flash"))).toBe(false);
    replaying = false;
    state.close();
    expect(existsSync(join(folder, "config.flash"))).toBe(true);
  });

  test("has an image that is the partition byte by byte, erased where nothing was written", () => {
    const state = opened();
    state.attach(used(9).board);
    state.close();
    const image = readFileSync(join(folder, "config.flash"));
    expect(image.length).toBe(2 * sectorBytes);
    expect([...image.subarray(sectorBytes, sectorBytes + 5)]).toEqual([9, 0, 0, 0, 0xff]);
    expect(image.subarray(0, sectorBytes).every((byte) => byte === 0xff)).toBe(true);
  });

  test("has the board's secret, which it keeps whatever the seed of a later run is", () => {
    const made = simulatedBoard(1);
    const first = opened();
    first.attach(made.board);
    first.close();
    const later = simulatedBoard(2);
    expect(later.board.secret).not.toEqual(made.board.secret);
    const state = opened();
    state.attach(later.board);
    expect(later.board.secret).toEqual(made.board.secret);
    state.close();
  });

  test("of a time without secrets gets one with its next run, for good", () => {
    const state = opened();
    state.attach(used(1).board);
    state.close();
    rmSync(join(folder, "secret.flash"));
    const [second, third] = [simulatedBoard(2), simulatedBoard(3)];
    const own = second.board.secret;
    for (const { board } of [second, third]) {
      const again = opened();
      again.attach(board);
      expect(board.secret).toEqual(own);
      again.close();
    }
    expect(third.board.secret).toHaveLength(15);
  });

  test("that cannot be saved is told in the end", () => {
    const state = opened();
    state.attach(used(1).board);
    mkdirSync(join(folder, "nvs.json"));
    expect(state.close()).toMatch(/the board's state was not saved/);
  });
});

describe("a folder that is none of a board", () => {
  test.each<[string, (folder: string) => void, RegExp]>([
    [
      "an image of another size",
      (at) => writeFileSync(join(at, "config.flash"), "short"),
      /config\.flash has 5 bytes, and that partition 8192/,
    ],
    ["storage that is no JSON", (at) => writeFileSync(join(at, "nvs.json"), "{"), /nvs\.json is not what .* delete it/],
    ["storage of another shape", (at) => writeFileSync(join(at, "nvs.json"), '{"pages":[]}'), /nvs\.json is not what/],
    [
      "storage that does not fit its pages",
      (at) => writeFileSync(join(at, "nvs.json"), '{"pages":[],"erases":[],"active":0,"items":[{"at":"a","hex":"","entries":1,"page":9}]}'),
      /nvs\.json is not what/,
    ],
  ])("is refused for %s, and left unlocked", (_, spoil, message) => {
    spoil(folder);
    expect(refusal()).toMatch(message);
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  test("is refused when it is a file, and to read when it is not there", () => {
    writeFileSync(join(folder, "file"), "");
    expect(refusal(join(folder, "file"))).toMatch(/it is no folder/);
    expect(refusal(join(folder, "file"), "read")).toMatch(/it is no folder/);
    expect(refusal(join(folder, "none"), "read")).toMatch(/there is no such folder/);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});

describe("a folder's lock", () => {
  test("keeps a second one out, not one that only reads, and is gone in the end", () => {
    const state = opened();
    expect(refusal()).toMatch(new RegExp(`a board is running on it \\(process ${process.pid}\\): stop it first`));
    expect(refusal(folder, "read")).toBe("");
    expect(existsSync(join(folder, "lock"))).toBe(true);
    state.close();
    expect(readdirSync(folder)).toEqual([]);
    opened().close();
  });

  test("of a process that is gone is taken over, and so is one that names nobody", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    for (const text of [`${child.pid}\n`, "", "nobody", "-1"]) {
      writeFileSync(join(folder, "lock"), text);
      const state = opened();
      expect(readFileSync(join(folder, "lock"), "utf8")).toBe(`${process.pid}\n`);
      state.close();
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
