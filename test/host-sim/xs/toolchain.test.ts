/** Building the XS engine: what it refuses, and what it says then. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { root } from "../../../host-sim/xs/modules.js";
import { integrityError, xsPackage, xsSources } from "../../../host-sim/xs/toolchain/package.js";
import { onXs, withoutXs } from "./available.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "mote-test-")));
  return folders.at(-1)!;
}

function build(words: string[], environment: Record<string, string> = {}): { status: number | null; said: string } {
  const ran = spawnSync(process.execPath, ["scripts/build-xs.js", ...words], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status: ran.status, said: ran.stdout + ran.stderr };
}

const archive = `agoric-xsnap-${xsPackage.version}.tgz`;

test("sources that were tampered with are refused and thrown away, and nothing is unpacked", () => {
  const cache = folder();
  writeFileSync(join(cache, archive), "not what was published");
  expect(() => xsSources(cache, () => {})).toThrow(/is not what it was: its hash is sha512-.*, and sha512-ZBm4DZxb.* is expected/);
  expect(() => readFileSync(join(cache, archive))).toThrow(/ENOENT/);
  expect(() => readFileSync(join(cache, `xsnap-${xsPackage.version}`))).toThrow(/ENOENT/);
});

test.skipIf(withoutXs)(onXs("the sources that were published pass, and one changed bit does not"), () => {
  const bytes = readFileSync(join(root, ".cache", "xs", archive));
  expect(integrityError(bytes)).toBeUndefined();
  bytes[bytes.length - 100]! ^= 1;
  expect(integrityError(bytes)).toContain("is not what it was");
});

test("without a compiler it exits 3 and names the packages that have one", () => {
  const cache = folder();
  mkdirSync(join(cache, "host-sim", "xs"), { recursive: true });
  // A repository with nothing built yet, so that a compiler is needed.
  spawnSync("cp", ["-r", join(root, "scripts"), cache]);
  for (const each of ["c", "toolchain"]) spawnSync("cp", ["-r", join(root, "host-sim", "xs", each), join(cache, "host-sim", "xs")]);
  writeFileSync(join(cache, "package.json"), '{"type":"module"}');
  const ran = spawnSync(process.execPath, ["scripts/build-xs.js"], {
    cwd: cache,
    encoding: "utf8",
    env: { ...process.env, CC: "/nonexistent/cc" },
  });
  expect(ran.status).toBe(3);
  expect(ran.stderr).toContain("apt install gcc");
  expect(ran.stderr).toContain("gcc-12-multilib");
});

test("wrong words on its command line exit 2 and say which are right", () => {
  for (const words of [["--bits"], ["--bits", "16"], ["now"], ["--bits", "32", "again"]]) {
    const { status, said } = build(words);
    expect(status).toBe(2);
    expect(said).toContain("--bits 32");
  }
});

test.skipIf(withoutXs)(onXs("a second build does nothing"), () => {
  const { status, said } = build([]);
  expect(said).toContain("is up to date");
  expect(status).toBe(0);
});
