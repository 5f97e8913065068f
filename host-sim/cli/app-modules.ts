/**
 * The modules of the SDK that an app and its ECMA-419 drivers may import beside "mote", and what is said
 * of those that they may not: native code, and what the simulator has no model of.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PartialMessage, Plugin } from "esbuild";
import { root } from "../xs/modules.js";

/** By name, the file in host-sim/ecma419. */
const files: Readonly<Record<string, string>> = {
  crc: "crc",
  time: "time",
  timer: "timer",
  "embedded:io/analog": "analog",
  "embedded:io/digital": "digital",
  "embedded:io/i2c": "i2c",
  "embedded:io/smbus": "smbus",
  "embedded:provider/builtin": "device",
};

const folder = "host-sim/ecma419";
/** What an app's entry imports, and what free names are taken from. */
export const ownPrefix = "mote-ecma419:";
export const globals = ownPrefix + "globals";

/** On Node the modules become part of the bundle; on XS they are linked beside it, into flash. */
export function ecma419(engine: "node" | "xs"): Plugin {
  const resolved = (file: string) =>
    engine === "xs"
      ? { path: `${folder}/${file}`, external: true, sideEffects: false }
      : { path: join(root, "build", folder, file + ".js"), sideEffects: false };
  return {
    name: "ecma419",
    setup(setup) {
      setup.onResolve({ filter: /^(crc|timer?|embedded:.*)$/ }, ({ path }) => {
        const file = files[path];
        return file === undefined ? undefined : resolved(file);
      });
      setup.onResolve({ filter: new RegExp(`^${ownPrefix}`) }, ({ path, kind }) =>
        // What is injected cannot be external itself.
        kind === "entry-point" && engine === "xs"
          ? { path, namespace: "ecma419", sideEffects: false }
          : resolved(path.slice(ownPrefix.length)),
      );
      setup.onLoad({ filter: /./, namespace: "ecma419" }, () => ({ contents: `export { device, System, trace } from "${globals}";` }));
      setup.onLoad({ filter: /\.[mc]?[jt]s$/ }, ({ path }) => {
        if (path.startsWith(join(root, "build"))) return undefined;
        const found = native(readFileSync(path, "utf8"));
        return found === undefined ? undefined : { errors: [{ ...found, location: { ...found.location, file: path } }] };
      });
    },
  };
}

/** XS has two ways of declaring functions that are written in C: `class Name @ "xs_…"` and `native("xs_…")`. */
const declared = /(?:\)|\bclass\s+[\w$]*(?:\s+extends\s+[\w$.]+)?)\s*@\s*["']([^"'\n]+)["']|\b[Nn]ative\s*\(\s*["'](_?xs_[^"'\n]+)["']/;

/** Where a driver's source calls for native code, if it does. */
export function native(text: string): PartialMessage | undefined {
  const found = declared.exec(codeOf(text));
  if (found === null) return undefined;
  const before = text.slice(0, found.index + Math.max(0, found[0].indexOf("@"))).split("\n");
  return {
    text:
      `"${found[1] ?? found[2]}" is native code, written in C for the board, and the simulator runs JavaScript alone: ` +
      "take a driver without native parts, or write one (docs/drivers.md)",
    location: { line: before.length, column: before[before.length - 1]!.length },
  };
}

/** Without comments, and without strings but for the names of native code. Blanks take their place, so that the rest keeps its own. */
function codeOf(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g, (all, at: number) =>
    /["']/.test(all[0]!) && /(@|\b[Nn]ative\s*\()\s*$/.test(text.slice(Math.max(0, at - 20), at)) ? all : all.replace(/[^\n]/g, " "),
  );
}

/** What to do about an import that leads nowhere. Undefined for files. */
export function unknownModule(name: string): string | undefined {
  if (/^[./]/.test(name)) return undefined;
  if (name.startsWith("embedded:sensor/")) {
    return `'${name}': the SDK's drivers are no part of the simulator: put the driver's file beside the app and import it by its path`;
  }
  const known = Object.keys(files).join(", ");
  return `the simulator has no module '${name}': an app and its drivers may import "mote", ${known}, and files in plain JavaScript`;
}
