/** The event that a replay stops at, as its user names it: a text in the shown line, or a packet and a topic filter. */
import { matches } from "../world/broker.js";
import type { DecodedEvent } from "../world/decoded.js";

/** `line` as it is shown, without colours. */
export function stopsAt(wanted: string): (event: DecodedEvent, line: string) => boolean {
  const [, cmd, filter] = /^([A-Za-z]+)\s+(\S+)$/.exec(wanted) ?? [];
  const byTopic =
    cmd !== undefined && filter !== undefined && /(^|\/)[+#](\/|$)/.test(filter) ? { cmd: cmd.toLowerCase(), filter } : undefined;
  return ({ packet }, line) =>
    line.includes(wanted) ||
    (byTopic !== undefined && packet?.topic !== undefined && packet.cmd === byTopic.cmd && matches(byTopic.filter, packet.topic));
}
