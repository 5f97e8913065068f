/**
 * What of a simulated board outlasts its process, in a folder: an image of each flash partition (`config.flash`,
 * `journal.flash`) and its key-value storage (`nvs.json`). Each file is replaced as a whole, so a process that is killed
 * leaves what was saved last, at most a second before. One process at a time runs a board on a folder.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { flashBytes, type SimulatedBoard } from "../world/board.js";
import { KeyValueMemory, type KeyValueSnapshot } from "../world/key-value-memory.js";
import { fill, imageOf } from "./flash-image.js";
import { type FolderLock, lockFolder } from "./folder-lock.js";

const saveEveryMs = 1000;
const keyValueFile = "nvs.json";

export class BoardState {
  readonly folder: string;
  readonly #lock: FolderLock | undefined;
  /** What each file holds. */
  readonly #files = new Map<string, Buffer>();
  /** What the folder held when it was opened: every run begins with it. */
  readonly #images = new Map<string, Buffer>();
  #keyValue: KeyValueSnapshot | undefined;
  #attached: { readonly board: SimulatedBoard; readonly saves: () => boolean } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lost: string | undefined;

  constructor(folder: string, lock: FolderLock | undefined) {
    this.folder = folder;
    this.#lock = lock;
  }

  /** What is in the folder; a mistake is told. */
  load(): string | undefined {
    for (const label in flashBytes) {
      const name = fileOf(label);
      const image = this.#read(name);
      if (image === undefined) continue;
      if (image.length !== flashBytes[label]) {
        return `${join(this.folder, name)} has ${image.length} bytes, and that partition ${flashBytes[label]}: it is no image of it`;
      }
      this.#images.set(label, image);
    }
    const text = this.#read(keyValueFile);
    if (text === undefined) return undefined;
    try {
      this.#keyValue = JSON.parse(text.toString("utf8")) as KeyValueSnapshot;
      new KeyValueMemory().restore(this.#keyValue);
    } catch {
      return `${join(this.folder, keyValueFile)} is not what a board's key-value storage was saved as: delete it to begin anew`;
    }
    return undefined;
  }

  /** The partition's image, blank when there is none yet. */
  image(label: string): Buffer {
    return Buffer.from(this.#images.get(label) ?? Buffer.alloc(flashBytes[label]!, 0xff));
  }

  /** Gives a new board, its power off, what the folder held. */
  restore(board: SimulatedBoard): void {
    for (const [label, image] of this.#images) fill(board.flash.get(label)!, image);
    if (this.#keyValue !== undefined) board.keyValue.restore(this.#keyValue);
  }

  /** Restores a board, and saves it from now on, each second and at the end; not while `saves` is false. */
  attach(board: SimulatedBoard, saves: () => boolean = () => true): void {
    this.restore(board);
    this.#attached = { board, saves };
    this.#timer ??= setInterval(() => this.#save(), saveEveryMs).unref();
  }

  /** Replaces one partition's image. Throws what the file system throws. */
  replace(label: string, image: Buffer): void {
    this.#write(fileOf(label), image);
    this.#images.set(label, image);
  }

  /** Saves what there is to save, and lets go of the folder. What could not be saved is told. */
  close(): string | undefined {
    clearInterval(this.#timer);
    this.#lost = undefined;
    this.#save();
    this.#lock?.release();
    return this.#lost;
  }

  #save(): void {
    if (this.#attached === undefined || !this.#attached.saves()) return;
    const { board } = this.#attached;
    try {
      for (const label in flashBytes) this.#write(fileOf(label), imageOf(board.flash.get(label)!));
      this.#write(keyValueFile, Buffer.from(JSON.stringify(board.keyValue.snapshot()) + "\n"));
    } catch (error) {
      this.#lost = `--state ${this.folder}: the board's state was not saved: ${(error as Error).message}`;
    }
  }

  #read(name: string): Buffer | undefined {
    const path = join(this.folder, name);
    try {
      const bytes = readFileSync(path);
      this.#files.set(name, bytes);
      return bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Only when it holds something else. */
  #write(name: string, bytes: Buffer): void {
    if (this.#files.get(name)?.equals(bytes) === true) return;
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, path);
    this.#files.set(name, bytes);
  }
}

function fileOf(label: string): string {
  return `${label}.flash`;
}

/**
 * Opens the folder of a board. `write`: makes it where it is missing, and keeps others from running a board on it.
 * Failures name the folder and the remedy.
 */
export function openState(folder: string, mode: "read" | "write"): Result<BoardState, "state"> {
  const wrong = (what: string): Result<never, "state"> => failure("state", `--state ${folder}: ${what}`);
  let lock: FolderLock | undefined;
  try {
    if (mode === "write") {
      mkdirSync(folder, { recursive: true });
      const locked = lockFolder(folder);
      if ("pid" in locked) {
        return wrong(
          `a board is running on it (process ${locked.pid}): stop it first. If that is no board, delete ${join(folder, "lock")}`,
        );
      }
      lock = locked;
    } else if (!statSync(folder).isDirectory()) return wrong("it is no folder");
    const state = new BoardState(folder, lock);
    const mistake = state.load();
    if (mistake === undefined) return success(state);
    lock?.release();
    return failure("state", mistake);
  } catch (error) {
    lock?.release();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return wrong(`there is no such folder: mote start --state ${folder} makes a board there`);
    if (code === "ENOTDIR" || code === "EEXIST") return wrong("it is no folder");
    if (code === "EACCES" || code === "EROFS") return wrong("it may not be written by you");
    return wrong(message);
  }
}
