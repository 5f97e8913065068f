/** The commands that have words of their own, by name. What a command is made of is loaded when somebody asks for it. */
import type { Result } from "../../firmware/base/result.js";

/** Runs it: an exit code, or in one line what is wrong with its words. */
export type Command = (words: readonly string[]) => Promise<number | string>;

interface Words<Options> {
  help(): string;
  parse(words: readonly string[]): Result<Options, string>;
}

function command<Options>(
  load: () => Promise<Words<Options>>,
  loadRun: () => Promise<(options: Options) => number | Promise<number>>,
): Command {
  return async (words) => {
    const { help, parse } = await load();
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(help());
      return 0;
    }
    const options = parse(words);
    return options.ok ? (await loadRun())(options.value) : options.error.message;
  };
}

export const commands: ReadonlyMap<string, Command> = new Map([
  [
    "record",
    command(
      () => import("./record-options.js").then((of) => ({ help: of.recordHelp, parse: of.parseRecordOptions })),
      () => import("./record.js").then((of) => of.record),
    ),
  ],
  [
    "replay",
    command(
      () => import("./replay-options.js").then((of) => ({ help: of.replayHelp, parse: of.parseReplayOptions })),
      () => import("./replay.js").then((of) => of.replay),
    ),
  ],
  [
    "swarm",
    command(
      () => import("./swarm-options.js").then((of) => ({ help: of.swarmHelp, parse: of.parseSwarmOptions })),
      () => import("./swarm.js").then((of) => of.swarm),
    ),
  ],
  [
    "explain",
    command(
      () => import("./explain-options.js").then((of) => ({ help: of.explainHelp, parse: of.parseExplainOptions })),
      () => import("./explain.js").then((of) => of.explainApp),
    ),
  ],
  [
    "try",
    command(
      () => import("./try-options.js").then((of) => ({ help: of.tryHelp, parse: of.parseTryOptions })),
      () => import("./try.js").then((of) => of.tryChain),
    ),
  ],
  [
    "decode",
    command(
      () => import("./decode-options.js").then((of) => ({ help: of.decodeHelp, parse: of.parseDecodeOptions })),
      () => import("./decode.js").then((of) => of.decode),
    ),
  ],
  [
    "collect",
    command(
      () => import("./collect-options.js").then((of) => ({ help: of.collectHelp, parse: of.parseCollectOptions })),
      () => import("./collect.js").then((of) => of.collect),
    ),
  ],
  [
    "export",
    command(
      () =>
        import("./export-options.js").then((of) => ({
          help: of.exportHelp,
          parse: (words: readonly string[]) => of.parseExportOptions(words, Date.now()),
        })),
      () => import("./export.js").then((of) => of.exportSamples),
    ),
  ],
  [
    "gaps",
    command(
      () => import("./gaps-options.js").then((of) => ({ help: of.gapsHelp, parse: of.parseGapsOptions })),
      () => import("./gaps.js").then((of) => of.gaps),
    ),
  ],
  [
    "pair",
    command(
      () => import("./pair-options.js").then((of) => ({ help: of.pairHelp, parse: of.parsePairOptions })),
      () => import("./pair.js").then((of) => of.pair),
    ),
  ],
  [
    "wifi",
    command(
      () => import("./wifi-options.js").then((of) => ({ help: of.wifiHelp, parse: of.parseWifiOptions })),
      () => import("./wifi.js").then((of) => of.wifi),
    ),
  ],
  [
    "config",
    command(
      () => import("./config-options.js").then((of) => ({ help: of.configHelp, parse: of.parseConfigOptions })),
      () => import("./config.js").then((of) => of.config),
    ),
  ],
]);
