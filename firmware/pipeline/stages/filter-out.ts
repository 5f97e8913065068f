/** `filter_out`: drops certain values, such as the 85 °C that a sensor says before it has measured. ESPHome's filter of the same name. */
import type { Family } from "../family.js";
import { some } from "../flow.js";
import { listedNumber, listedRule, listsMissing, plainValues, type ListedValues } from "../listed-values.js";

export interface FilterOut {
  readonly stage: "filter_out";
  readonly value: ListedValues;
}

/** Drops samples that are one of `values`, at the channel's resolution; NaN or "nan" drops missing readings. */
export function filter_out(...values: readonly ListedValues[]): FilterOut {
  return { stage: "filter_out", value: plainValues(values.length === 1 ? values[0]! : values.flat()) };
}

/** What is dropped is no missing reading. A missing reading goes on unless NaN is among the values. */
export const filterOutFamily: Family<FilterOut> = {
  name: "filter_out",
  rules: [listedRule("value")],
  flow: (_params, flow) => some(flow),
  build({ value }, { push, missing }, { resolution }) {
    const listed = listedNumber(value, resolution);
    return {
      push(x) {
        if (!listed(x)) return push(x);
      },
      missing: listsMissing(value) ? () => {} : missing,
    };
  },
};
