/** Every stage there is, one line each, in the order in which messages and documents list them. */
import type { Family } from "./family.js";
import { multiplyFamily, offsetFamily } from "./stages/arithmetic.js";
import { clampFamily } from "./stages/clamp.js";
import { deltaFamily } from "./stages/delta.js";
import { exponentialMovingAverageFamily } from "./stages/exponential-moving-average.js";
import { groupFamily } from "./stages/group.js";
import { medianFamily } from "./stages/median.js";
import { orFamily } from "./stages/or.js";
import { summaryFamily } from "./stages/summary.js";
import { throttleFamily } from "./stages/throttle.js";
import { windowFamily } from "./stages/window.js";

/** A family takes only its own stage's parameters; `compile` hands it no other. */
export const families: readonly Family[] = [
  offsetFamily,
  multiplyFamily,
  clampFamily,
  medianFamily,
  exponentialMovingAverageFamily,
  deltaFamily,
  throttleFamily,
  windowFamily,
  summaryFamily,
  orFamily,
  groupFamily,
];

export function familyOf(name: unknown): Family | undefined {
  return families.find((family) => family.name === name);
}
