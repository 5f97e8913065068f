/**
 * `npm run check`: types, lint, format, structure. All four run, whatever the others say; exit 1 when one fails.
 * The linter and the formatter come through npx at fixed versions: with them in the lockfile, `npm ci`
 * fails wherever it was not written (their optional packages for other platforms are left out).
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

const steps = [
  { name: "types", words: ["tsc", "-b"], remedy: "" },
  { name: "lint", words: ["--yes", "oxlint@1.94.0", "--deny-warnings"], remedy: "some of it mends itself: npx oxlint@1.94.0 --fix" },
  { name: "format", words: ["--yes", "oxfmt@0.78.0", "--check"], remedy: "npx oxfmt@0.78.0 writes it" },
  { name: "structure", words: ["vitest", "run", "test/structure"], remedy: "each finding says what would be right" },
];

const failed = [];
for (const { name, words, remedy } of steps) {
  const startMs = performance.now();
  process.stdout.write(`check: ${name} … `);
  const done = spawnSync("npx", words, { cwd: root, encoding: "utf8", shell: process.platform === "win32" });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  if (done.status === 0) {
    console.log(`ok (${seconds} s)`);
    continue;
  }
  console.log(`FAILED (${seconds} s)`);
  const said = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`;
  // npm's own warnings about its configuration say nothing about the project.
  console.log(said.replace(/^npm warn .*\n/gm, "").trimEnd());
  failed.push(remedy === "" ? name : `${name} (${remedy})`);
}

if (failed.length > 0) {
  console.error(`check: failed: ${failed.join("; ")}`);
  process.exitCode = 1;
}
