/**
 * Brings in an app from any file: type-checks it against "mote", bundles it with the files it imports,
 * and loads it. What is wrong with it is a message with its place, never a stack.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, Plugin } from "esbuild";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { App } from "../../firmware/declaration.js";

export interface LoadedApp {
  readonly app: App;
  /** The same as one ES module that imports only "mote": what the XS engine loads. Undefined for the repository's own. */
  readonly module: string | undefined;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

export async function ownApp(): Promise<LoadedApp> {
  return { app: (await import("../../firmware/app.js")).default, module: undefined };
}

export async function loadApp(file: string): Promise<Result<LoadedApp, "app">> {
  const path = resolve(file);
  if (!existsSync(path)) return failure("app", `${file}: there is no such file`);
  const folder = mkdtempSync(join(tmpdir(), "mote-app-"));
  try {
    const wrong = typeErrors(path, folder);
    if (wrong !== undefined) return failure("app", wrong);
    const forNode = await bundle({ entryPoints: [path] }, /^mote$/, pathToFileURL(join(root, "build/firmware/mote.js")).href);
    if (!forNode.ok) return forNode;
    const forXs = await bundle({ entryPoints: [path] }, /^mote$/, "mote");
    if (!forXs.ok) return forXs;
    const module = join(folder, "app.mjs");
    writeFileSync(module, forNode.value);
    let app: unknown;
    try {
      app = ((await import(pathToFileURL(module).href)) as { default?: unknown }).default;
    } catch (error) {
      return failure("app", `${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!looksLikeApp(app)) return failure("app", `${file}: its default export must be an app: export default defineApp({ name, sensors, channels })`);
    return success({ app, module: forXs.value });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function typeErrors(path: string, folder: string): string | undefined {
  const config = join(folder, "tsconfig.json");
  writeFileSync(
    config,
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["ES2022"],
        types: [],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        paths: { mote: [join(root, "build/firmware/mote.d.ts")] },
      },
      files: [path],
    }),
  );
  const checked = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config, "--pretty", "false"], {
    encoding: "utf8",
  });
  return checked.status === 0 ? undefined : (checked.stdout + checked.stderr).trim();
}

/** One of the simulator's own apps as a module: the default export is `expression` over what the built file exports. */
export async function bundledModule(file: string, expression: string): Promise<string> {
  const name = /^\w+/.exec(expression)![0];
  const contents = `import { ${name} } from "./${file}"; export default ${expression};`;
  const bundled = await bundle({ stdin: { contents, resolveDir: join(root, "build/host-sim") } }, /\/firmware\/mote\.js$/, "mote");
  if (!bundled.ok) throw new Error(bundled.error.message);
  return bundled.value;
}

/** Leaves imports that match `runtime` standing, as imports of `mote`. */
async function bundle(input: Pick<BuildOptions, "entryPoints" | "stdin">, runtime: RegExp, mote: string): Promise<Result<string, "app">> {
  const { build } = await import("esbuild");
  const external: Plugin = {
    name: "mote",
    setup: (setup) => setup.onResolve({ filter: runtime }, () => ({ path: mote, external: true })),
  };
  try {
    const built = await build({
      ...input,
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      charset: "utf8",
      write: false,
      logLevel: "silent",
      plugins: [external],
    });
    return success(built.outputFiles![0]!.text);
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (first === undefined) throw error;
    const place = first.location === null ? "" : `${first.location.file}:${first.location.line}: `;
    return failure("app", place + first.text);
  }
}

function looksLikeApp(value: unknown): value is App {
  if (typeof value !== "object" || value === null) return false;
  const { name, sensors, channels } = value as Record<string, unknown>;
  return typeof name === "string" && typeof sensors === "object" && sensors !== null && typeof channels === "object" && channels !== null;
}
