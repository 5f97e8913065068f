/**
 * Brings in an app from any file: type-checks it against "mote", bundles it with the files it imports,
 * and loads it. What is wrong with it is a message with its place, never a stack.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { App } from "../../firmware/declaration.js";
import { runningBoard, trace } from "../ecma419/ambient.js";
import type { Surroundings } from "../ecma419/board.js";
import { appOfJson, jsonModule } from "../scenario/json-app.js";
import { bundle } from "./app-bundle.js";
import { typeErrors } from "./app-types.js";
import { topOf } from "./place.js";

export interface LoadedApp {
  readonly app: App;
  /** The same as one ES module that imports only "mote" and host-sim/ecma419: what the XS engine loads. Undefined for the repository's own. */
  readonly module: string | undefined;
}

export async function ownApp(): Promise<LoadedApp> {
  return { app: (await import("../../firmware/app.js")).default, module: undefined };
}

export async function loadApp(file: string): Promise<Result<LoadedApp, "app">> {
  const entry = statSync(file, { throwIfNoEntry: false });
  if (entry === undefined) return failure("app", `${file}: there is no such file`);
  if (!entry.isFile()) return failure("app", `${file}: it is a folder; --app takes the file in it that declares the app`);
  if (file.endsWith(".json")) return loadJson(file);
  if (!/\.[mc]?[jt]s$/.test(file)) return failure("app", `${file}: an app is a file ending in .ts (or .js, or .json)`);
  const path = realpathSync(resolve(file));
  const folder = mkdtempSync(join(tmpdir(), "mote-app-"));
  try {
    // All at once: the type check takes longest, and has the first word.
    const bundles = Promise.all([bundle(path, "node"), bundle(path, "xs")]);
    const wrong = /\.[mc]?ts$/.test(file) ? await typeErrors(path, folder) : undefined;
    const [forNode, forXs] = await bundles;
    if (wrong !== undefined) return failure("app", wrong);
    if (!forNode.ok) return forNode;
    if (!forXs.ok) return forXs;
    const module = join(folder, "app.mjs");
    writeFileSync(module, forNode.value);
    const exported = await exportsOf(module, file);
    if (!exported.ok) return failure("app", exported.error.message);
    const { default: app, attach } = exported.value as { default: unknown; attach(surroundings: Surroundings): void };
    if (!looksLikeApp(app)) {
      return failure("app", `${file}: its default export must be an app: export default defineApp({ name, sensors, channels })`);
    }
    attach({ running: runningBoard, trace });
    return success({ app, module: forXs.value });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function loadJson(file: string): Result<LoadedApp, "app"> {
  const text = readFileSync(file, "utf8");
  const app = appOfJson(text);
  return app.ok ? success({ app: app.value, module: jsonModule(text) }) : failure("app", `${file}: ${app.error.message}`);
}

/** Runs a module. What it throws is a failure that begins with its place: a file and a line, or else `file`. */
export async function exportsOf(module: string, file: string): Promise<Result<object, "app">> {
  process.setSourceMapsEnabled(true);
  try {
    return success((await import(pathToFileURL(module).href)) as object);
  } catch (error) {
    const at = error instanceof Error ? topOf(error) : undefined;
    const place = at === undefined ? file : `${at.file}:${at.line}`;
    return failure("app", `${place}: it throws as it is loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function looksLikeApp(value: unknown): value is App {
  if (typeof value !== "object" || value === null) return false;
  const { name, sensors, channels } = value as Record<string, unknown>;
  return typeof name === "string" && typeof sensors === "object" && sensors !== null && typeof channels === "object" && channels !== null;
}
