/** An app and the files it imports as one ES module, in which only the runtime's own imports stand. */
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, Message, Plugin } from "esbuild";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { root } from "../xs/modules.js";
import { ecma419, globals, ownPrefix, unknownModule } from "./app-modules.js";
import { nodeModule } from "./app-types.js";
import { readable } from "./place.js";

/**
 * For Node, the ECMA-419 modules are within, `attach` tells them their board, and lines are known as those
 * of the sources, wherever the module is loaded from. For XS, which links them, they stay imports.
 */
export function bundle(path: string, engine: "node" | "xs"): Promise<Result<string, "app">> {
  const folder = dirname(path);
  const mote = engine === "xs" ? "mote" : pathToFileURL(join(root, "build/firmware/mote.js")).href;
  const own = `import * as app from ${JSON.stringify(path)}; import { adopt } from "${ownPrefix}adopt"; export default adopt(app.default);`;
  return built({
    stdin: { contents: engine === "xs" ? own : own + `export { attach } from "${ownPrefix}board";`, resolveDir: folder },
    outfile: join(folder, "app.mjs"),
    inject: [globals],
    plugins: [ecma419(engine), runtime(mote)],
    ...(engine === "xs" ? {} : mapped(folder)),
  });
}

/** Any one file of the user's own, in plain JavaScript or TypeScript. */
export function bundleFile(path: string): Promise<Result<string, "app">> {
  const folder = dirname(path);
  return built({ entryPoints: [path], outfile: join(folder, "file.mjs"), ...mapped(folder) });
}

function mapped(folder: string): BuildOptions {
  return { sourcemap: "inline", sourcesContent: false, sourceRoot: pathToFileURL(folder).href + "/" };
}

/** One of the simulator's own apps: the default export is `expression` over what the built file exports. */
export async function bundledModule(file: string, expression: string): Promise<string> {
  const name = /^\w+/.exec(expression)![0];
  const contents = `import { ${name} } from "./${file}"; export default ${expression};`;
  const bundled = await built({ stdin: { contents, resolveDir: join(root, "build/host-sim") }, plugins: [runtime("mote")] });
  if (!bundled.ok) throw new Error(bundled.error.message);
  return bundled.value;
}

async function built(input: BuildOptions): Promise<Result<string, "app">> {
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build({
      ...input,
      bundle: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2022",
      // A board runs its modules to the end at once.
      supported: { "top-level-await": false },
      charset: "utf8",
      write: false,
      logLevel: "silent",
    });
    return success(outputFiles![0]!.text);
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (first === undefined) throw error;
    return failure("app", said(first));
  }
}

/** The runtime is not bundled: an app shares it, and with it the drivers' classes, with those who run it. By its path too, as firmware/app.ts has it. */
function runtime(mote: string): Plugin {
  const own = ["firmware/mote.js", "firmware/mote.ts", "build/firmware/mote.js"].map((file) => resolve(root, file));
  return {
    name: "mote",
    setup(setup) {
      setup.onResolve({ filter: /^mote$/ }, () => ({ path: mote, external: true }));
      setup.onResolve({ filter: /(^|\/)mote\.[jt]s$/ }, ({ path, resolveDir }) =>
        own.includes(resolve(resolveDir, path)) ? { path: mote, external: true } : undefined,
      );
      setup.onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path }) =>
        isBuiltin(path) ? { errors: [{ text: nodeModule(path) }] } : undefined,
      );
    },
  };
}

function said({ location, text }: Message): string {
  const unresolved = /^Could not resolve "(.+)"$/.exec(text)?.[1];
  const what = text.startsWith("Top-level await")
    ? "a board runs an app's files at once: there is no await outside of functions"
    : ((unresolved === undefined ? undefined : unknownModule(unresolved)) ?? text);
  return location === null ? what : `${readable(resolve(location.file))}:${location.line}:${location.column + 1}: ${what}`;
}
