/** One function a stage, for apps: they return plain data, unchecked; `compile` checks it. */
export { multiply, offset } from "./stages/arithmetic.js";
export { clamp } from "./stages/clamp.js";
export { delta } from "./stages/delta.js";
export { exponential_moving_average } from "./stages/exponential-moving-average.js";
export { group } from "./stages/group.js";
export { median } from "./stages/median.js";
export { or } from "./stages/or.js";
export { summary } from "./stages/summary.js";
export { throttle } from "./stages/throttle.js";
export { window } from "./stages/window.js";
