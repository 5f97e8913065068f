/** An app and the files it imports as one ES module, in which only the import of "mote" stands. */
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, Message, Plugin } from "esbuild";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { root } from "../xs/modules.js";
import { nodeModule } from "./app-types.js";
import { readable } from "./place.js";

/** `mote` is what its imports of "mote" become. With `mapped`, its lines are known as those of its sources, wherever it is loaded from. */
export function bundle(path: string, mote: string, mapped: boolean): Promise<Result<string, "app">> {
  const folder = dirname(path);
  const map: BuildOptions = { sourcemap: "inline", sourcesContent: false, sourceRoot: pathToFileURL(folder).href + "/" };
  return built({ entryPoints: [path], outfile: join(folder, "app.mjs"), ...(mapped ? map : {}) }, mote);
}

/** One of the simulator's own apps: the default export is `expression` over what the built file exports. */
export async function bundledModule(file: string, expression: string): Promise<string> {
  const name = /^\w+/.exec(expression)![0];
  const contents = `import { ${name} } from "./${file}"; export default ${expression};`;
  const bundled = await built({ stdin: { contents, resolveDir: join(root, "build/host-sim") } }, "mote");
  if (!bundled.ok) throw new Error(bundled.error.message);
  return bundled.value;
}

async function built(input: BuildOptions, mote: string): Promise<Result<string, "app">> {
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
      plugins: [runtime(mote)],
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
  const what = text.startsWith("Top-level await") ? "a board runs an app's files at once: there is no await outside of functions" : text;
  return location === null ? what : `${readable(resolve(location.file))}:${location.line}:${location.column + 1}: ${what}`;
}
