/**
 * The XS sources: npm's `@agoric/xsnap`, fetched once, checked against the hash committed here (a
 * lockfile does not cover `npm pack`), and unpacked under `.cache/xs`. Nothing else of it is used.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export const xsPackage = {
  name: "@agoric/xsnap",
  version: "0.15.0",
  integrity: "sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==",
};

/** Undefined when `bytes` have the hash, else what is wrong. */
export function integrityError(bytes, integrity = xsPackage.integrity) {
  const found = "sha512-" + createHash("sha512").update(bytes).digest("base64");
  if (found === integrity) return undefined;
  return `${xsPackage.name}@${xsPackage.version} is not what it was: its hash is ${found}, and ${integrity} is expected`;
}

/** The folder that holds `includes`, `platforms` and `sources`. Throws an Error whose message says what to do. */
export function xsSources(cache, say) {
  const folder = join(cache, `xsnap-${xsPackage.version}`);
  const sources = join(folder, "package", "moddable", "xs");
  if (existsSync(sources)) return sources;
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, `agoric-xsnap-${xsPackage.version}.tgz`);
  if (!existsSync(archive)) {
    say(`fetching ${xsPackage.name}@${xsPackage.version} (0.7 MB) from npm`);
    try {
      execFileSync("npm", ["pack", `${xsPackage.name}@${xsPackage.version}`, "--silent", "--pack-destination", cache], {
        stdio: ["ignore", "ignore", "pipe"],
      });
    } catch (error) {
      throw new Error(`npm cannot fetch ${xsPackage.name}@${xsPackage.version}: ${String(error.stderr ?? error.message).trim()}`, {
        cause: error,
      });
    }
  }
  const wrong = integrityError(readFileSync(archive));
  if (wrong !== undefined) {
    rmSync(archive);
    throw new Error(wrong);
  }
  const partly = folder + ".partly";
  rmSync(partly, { recursive: true, force: true });
  mkdirSync(partly, { recursive: true });
  execFileSync("tar", ["-xzf", archive, "-C", partly, "package/moddable/xs"]);
  renameSync(partly, folder);
  return sources;
}
