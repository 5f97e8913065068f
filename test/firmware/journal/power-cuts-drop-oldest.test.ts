/** The journal over power cuts, where a full ring is dealt with by `drop-oldest`. */
import { testPowerCuts } from "./power-cuts.js";

testPowerCuts("drop-oldest", 1, 67_000);
