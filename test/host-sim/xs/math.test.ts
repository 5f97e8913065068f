/** The firmware's own functions give the same bits on XS, preloaded and frozen as on the board, as on Node. */
import { expect, test } from "vitest";
import { runInXs } from "../../../host-sim/xs/run.js";
import { checksumOf20000 } from "../../firmware/base/math-checksum.js";
import { onXs, withoutXs } from "./available.js";

test.skipIf(withoutXs)(onXs("ln, exp, pow, sin and cos give the same 100,000 results on XS as on Node"), () => {
  const ran = runInXs({
    source: 'import { mathChecksum } from "test/firmware/base/math-checksum"; report(mathChecksum(20000));',
    preload: ["firmware/base/math"],
  });
  expect(ran.ok ? ran.value.value : ran.error).toBe(checksumOf20000);
});
