/** The journal over power cuts, where a full ring is dealt with by `thin-out`. */
import { testPowerCuts } from "./power-cuts.js";

testPowerCuts("thin-out", 3, 67_000);
