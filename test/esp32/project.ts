/** A project of its own with tools that stand in for the SDK and ESP-IDF: the scripts work beside their own folder, and must not write into this one. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scripts = ["esp32.js", "esp32-options.js", "esp32-sdkconfig.js", "esp32-secret.js"];

/** Writes down how it was called and makes an image, as mcconfig with ESP-IDF would. */
export const makesImage = `root="$(dirname "$0")/../.."
echo "port=$UPLOAD_PORT $*" >> "$root/calls"
case "$3" in esp32/*) board="\${3#esp32/}" ;; *) board=esp32 ;; esac
mkdir -p "$root/build/esp32/bin/$3/release/mote" "$root/build/esp32/tmp/$3/release/mote/xsProj-$board"
echo image > "$root/build/esp32/bin/$3/release/mote/xs_esp32.bin"
`;

/** A board of which only the sector of its secret matters: the file `sector` in the project. Its last word is a file, as in esptool 5. */
export const actsAsBoard = `root="$(dirname "$0")/../.."
echo "esptool $*" >> "$root/calls"
for file; do :; done
echo "Connected to ESP32 on /dev/ttyX:"
echo "MAC:                30:ae:a4:07:0d:64"
case "$*" in
  *read-flash*) ls -l "$file" >> "$root/rights"; cp "$root/sector" "$file" ;;
  *write-flash*) ls -l "$file" >> "$root/rights"; cp "$file" "$root/sector" ;;
esac
`;

export interface Ran {
  readonly status: number | null;
  readonly said: string;
  /** How mcconfig and esptool were called. */
  readonly calls: readonly string[];
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "mote-esp32-"));

  constructor() {
    const { folder } = this;
    for (const name of ["scripts", "sdkconfig", "examples", "build"]) mkdirSync(join(folder, name));
    for (const name of scripts) writeFileSync(join(folder, "scripts", name), readFileSync(join(root, "scripts", name)));
    for (const part of ["host-sim", "firmware"]) symlinkSync(join(root, "build", part), join(folder, "build", part));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "partitions.csv"), readFileSync(join(root, "partitions.csv")));
    writeFileSync(join(folder, "sdkconfig", "sdkconfig.defaults"), "CONFIG_BT_NIMBLE_SM_LEGACY=n\n");
    writeFileSync(join(folder, "examples", "manifest_base.json"), "{}");
    writeFileSync(join(folder, "sector"), Buffer.alloc(4096, 0xff));
    this.stand("idf.py", "");
    this.stand("tsc", "");
    this.stand("mcconfig", makesImage);
    this.stand("esptool", actsAsBoard);
  }

  stand(name: string, text: string): void {
    const bin = join(this.folder, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), "#!/bin/sh\n" + text);
    chmodSync(join(bin, name), 0o755);
  }

  run(words: readonly string[]): Ran {
    const { folder } = this;
    const done = spawnSync(process.execPath, [join(folder, "scripts", "esp32.js"), ...words], {
      encoding: "utf8",
      cwd: folder,
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, MODDABLE: folder, IDF_PATH: folder },
    });
    const log = join(folder, "calls");
    const calls = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
    return { status: done.status, said: done.stdout + done.stderr, calls };
  }

  read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
