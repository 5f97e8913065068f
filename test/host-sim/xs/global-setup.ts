/** Before any test: the XS engine, built once. Without a C compiler its tests are left out, and say so; in CI that is a failure. */
import { fileURLToPath } from "node:url";
import { buildXs } from "../../../host-sim/xs/toolchain/build.js";

export default async function setup(): Promise<void> {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const built = await buildXs({ root, say: (line) => console.log(`XS: ${line}`) });
  if (built.ok) return;
  if (built.status !== 3 || process.env["CI"] === "true") throw new Error(built.message);
  console.log(`XS: the tests on XS are left out: ${built.message}`);
}
