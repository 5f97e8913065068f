/** Gap records as people and programs read them: beside blocks (rendering.ts), in the same forms. */
import { type Gap, type LossReason } from "./gap.js";
import { bootTime } from "./rendering.js";

/** Why, in words. */
export const lossWords: Readonly<Record<LossReason, string>> = {
  "oldest-dropped": "the journal was full: the oldest dropped",
  "newest-dropped": "the journal was full: the newest dropped",
  "thinned-out": "the journal was full: thinned out",
  damaged: "damaged in flash",
  "flash-failed": "the flash failed",
  unknown: "for a reason younger than this program",
};

function plural(count: number, name: string): string {
  return `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
}

/** How much was lost, e.g. `at least 60 samples in 2 records`. */
export function lostText({ samples, count, more, samplesUnknown }: Pick<Gap, "samples" | "count" | "more" | "samplesUnknown">): string {
  const many = samplesUnknown ? "an unknown number of samples" : plural(samples, "sample");
  return `${more ? "at least " : ""}${many}${count === 0 ? "" : ` in ${plural(count, "record")}`}`;
}

/** `title` says where it came from. */
export function gapText(title: string, gap: Gap): string {
  const { identity, reason, first, count, from, to, timesUnknown } = gap;
  const numbers = count === 0 ? "none that had a number" : `number${count === 1 ? ` ${first}` : `s ${first} to ${first + count - 1}`}`;
  const when = timesUnknown ? "nobody knows when" : `boot ${from.boot} ${bootTime(from.ms)} to boot ${to.boot} ${bootTime(to.ms)}`;
  const whose = `install ${identity.install.toString(16).padStart(8, "0")} boot ${identity.boot} seq ${identity.seq}`;
  return `${title}: lost ${lostText(gap)}, ${whose}\n  ${lossWords[reason]}\n  ${numbers}, ${when}\n`;
}

/** In the columns of `csvHead`: the reason stands as `missing`. */
export function gapCsvRow(number: number, { identity, reason, samples, from, to, timesUnknown }: Gap): string {
  const [fromMs, toMs] = timesUnknown ? ["", ""] : [from.ms, to.ms];
  return `${number},${identity.install},${identity.boot},${identity.seq},,,,${fromMs},,${reason},${toMs},${samples}`;
}

/** One line. */
export function gapJson(number: number, { identity, length, timesUnknown, from, to, ...rest }: Gap): string {
  return JSON.stringify({ gap: number, bytes: length, ...identity, ...rest, ...(timesUnknown ? {} : { from, to }) });
}
