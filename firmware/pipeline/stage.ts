/** The stages that a channel may declare, as plain data: what an app's builders make, and what JSON can carry. Each is described in its file. */
import type { Multiply, Offset } from "./stages/arithmetic.js";
import type { Clamp } from "./stages/clamp.js";
import type { Delta } from "./stages/delta.js";
import type { ExponentialMovingAverage } from "./stages/exponential-moving-average.js";
import type { Group } from "./stages/group.js";
import type { Median } from "./stages/median.js";
import type { Or } from "./stages/or.js";
import type { Summary } from "./stages/summary.js";
import type { Throttle } from "./stages/throttle.js";
import type { Window } from "./stages/window.js";

export type Stage = Offset | Multiply | Clamp | Median | ExponentialMovingAverage | Delta | Throttle | Window | Summary | Or | Group;
