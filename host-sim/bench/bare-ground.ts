/** What a channel gives its stages where no time passes and nothing is kept: for stages that ask for neither. */
import type { Ground } from "../../firmware/pipeline/site.js";

export const bareGround: Ground = {
  resolution: 0.01,
  sampleMs: () => 0,
  after: () => undefined,
  cancel: () => {},
  total: () => ({ restore: () => undefined, keep: () => {} }),
};
