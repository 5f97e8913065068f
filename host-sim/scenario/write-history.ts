/** Boards' journals and the consumer as scenarios write them: only what is not as by default. */
import type { ConsumerPlan, JournalPlan } from "./plan.js";
import { timeText } from "./schema-time.js";
import type { Writer, Written } from "./write.js";

export function writtenJournal({ whenFull, acknowledge, blockS, sectors }: JournalPlan): Written {
  return {
    ...(whenFull === undefined ? {} : { "when-full": whenFull }),
    ...(acknowledge === undefined ? {} : { acknowledge }),
    ...(blockS === undefined ? {} : { block: timeText(blockS * 1000) }),
    ...(sectors === undefined ? {} : { sectors }),
  };
}

export function writtenConsumer(writer: Writer, { commitMs, away, crashesMs, straysMs }: ConsumerPlan): Written {
  return {
    commit: timeText(commitMs),
    ...(away.length === 0
      ? {}
      : { away: away.map(({ fromMs, untilMs }) => writer.flow({ from: timeText(fromMs), until: timeText(untilMs) })) }),
    ...(crashesMs.length === 0 ? {} : { crashes: writer.flow(crashesMs.map(timeText)) }),
    ...(straysMs.length === 0 ? {} : { strays: writer.flow(straysMs.map(timeText)) }),
  };
}
