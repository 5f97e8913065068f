/** What tests the firmware, with the firmware in it as one module: the firmware as it is or mutated. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildContext, context, type OnLoadArgs, type PluginBuild } from "esbuild";
import type { draw } from "../../host-sim/swarm/draw.js";
import type { examine } from "../../host-sim/swarm/examine.js";
import type { Edit } from "./mutants.js";

export interface Campaign {
  readonly draw: typeof draw;
  readonly examine: typeof examine;
}

const root = join(import.meta.dirname, "../..");
const exported = 'export { draw } from "./host-sim/swarm/draw.js"; export { examine } from "./host-sim/swarm/examine.js";';

/** Builds one bundle after another, each with other edits: of the campaign, or of what else `exports` says. */
export class Bundler<Bundle = Campaign> {
  readonly #context: Promise<BuildContext<{ write: false }>>;
  readonly #folder = mkdtempSync(join(tmpdir(), "mote-mutants-"));
  #edits: readonly Edit[] = [];
  #made = 0;

  constructor(exports = exported) {
    this.#context = context({
      stdin: { contents: exports, resolveDir: root, loader: "ts" },
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "silent",
      plugins: [
        {
          name: "mutant",
          setup: ({ onLoad }: PluginBuild) =>
            onLoad({ filter: /[\\/]firmware[\\/].*\.ts$/ }, ({ path }: OnLoadArgs) => ({ contents: this.#source(path), loader: "ts" })),
        },
      ],
    });
  }

  /** Throws where an edit does not apply exactly once. */
  async build(edits: readonly Edit[]): Promise<Bundle> {
    this.#edits = edits;
    const { outputFiles } = await (await this.#context).rebuild();
    const file = join(this.#folder, `${++this.#made}.cjs`);
    writeFileSync(file, outputFiles[0]!.contents);
    return createRequire(import.meta.url)(file) as Bundle;
  }

  async close(): Promise<void> {
    await (await this.#context).dispose();
    rmSync(this.#folder, { recursive: true });
  }

  #source(path: string): string {
    let text = readFileSync(path, "utf8");
    for (const { module, from, to } of this.#edits) {
      if (path !== join(root, "firmware", module)) continue;
      const parts = text.split(from);
      if (parts.length !== 2) throw new Error(`${module}: what is to be replaced stands there ${parts.length - 1} times: ${from}`);
      text = parts.join(to);
    }
    return text;
  }
}
