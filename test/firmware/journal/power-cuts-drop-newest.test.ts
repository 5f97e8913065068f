/** The journal over power cuts, where a full ring is dealt with by `drop-newest`. */
import { testPowerCuts } from "./power-cuts.js";

testPowerCuts("drop-newest", 2, 67_000);
