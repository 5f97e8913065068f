/** The `mote` command. Exit codes: 0 done, 1 the run failed, 2 wrong usage. */
import { createRequire } from "node:module";
import { parseSimOptions } from "./options.js";
import { sim } from "./sim.js";

const help = `mote: a board you can watch, on this computer

  mote start            a simulated board in real time, with an embedded MQTT broker
  mote sim [options]    the same, told what to do:
    --app FILE          the app to run (TypeScript; imports from "mote"); default: firmware/app.ts
    --engine node|xs    Node's engine, or XS, the one on the board (npm run build:xs)
    --speed N|max       virtual seconds a real one; max: virtual time with a modelled broker, reproducible
    --duration TIME     500ms, 60s, 10m, 1h, 1d; default: until Ctrl-C, with --speed max 60s
    --seed N            what the world draws from; the same seed gives the same run; default 1
    --broker URL        mqtt://[user:password@]host:port instead of the embedded one
    --source world|host|FILE.csv
                        a simulated day, this computer's own sensors, or a recording
    --trace FILE.jsonl  every byte on the wire and every bus transaction, with its virtual time
    --arena BYTES       the XS engine's heap; default 65536
    --json              the last line is one JSON object of counts
  mote --version
  mote --help
`;

const [command, ...words] = process.argv.slice(2);

switch (command) {
  case "start":
  case "sim": {
    const options = parseSimOptions(words);
    if (!options.ok) misused(options.error.message);
    else process.exitCode = await sim(options.value);
    break;
  }
  case undefined:
  case "help":
  case "--help":
  case "-h":
    process.stdout.write(help);
    break;
  case "--version":
  case "-v":
    console.log((createRequire(import.meta.url)("../../../package.json") as { version: string }).version);
    break;
  default:
    misused(`${JSON.stringify(command)} is no command; there are: start, sim`);
}

function misused(what: string): void {
  console.error(`mote: ${what} (mote --help tells all)`);
  process.exitCode = 2;
}
