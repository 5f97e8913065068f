/** Every join there is, one line each, and what apps call for it. */
import type { JoinFamily } from "./join.js";
import { heatIndex } from "./joins/heat-index.js";
import { absoluteHumidity, dewPoint, vapourPressureDeficit } from "./joins/humidity.js";
import { joinedFamily } from "./joins/joined.js";
import { seaLevelPressure } from "./joins/sea-level-pressure.js";
import { differenceOf, maxOf, meanOf, minOf, sumOf } from "./joins/several.js";

export { heat_index } from "./joins/heat-index.js";
export { absolute_humidity, dew_point, vapour_pressure_deficit } from "./joins/humidity.js";
export { joined } from "./joins/joined.js";
export { sea_level_pressure } from "./joins/sea-level-pressure.js";
export { difference_of, max_of, mean_of, min_of, sum_of } from "./joins/several.js";

export const joinFamilies: readonly JoinFamily[] = [
  meanOf,
  sumOf,
  minOf,
  maxOf,
  differenceOf,
  dewPoint,
  absoluteHumidity,
  vapourPressureDeficit,
  heatIndex,
  seaLevelPressure,
  joinedFamily,
];
