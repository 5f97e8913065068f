/**
 * `Device.resolve` by the LAN's names, as lwIP asks for them (which is what the SDK's resolver is made of).
 *
 * Fault model: a question or an answer may be lost; the board asks again 1, 2 and 4 s after the first time,
 * and has no address at 7 s (lwIP's dns.c: DNS_TMR_INTERVAL 1 s, DNS_MAX_RETRIES 4). Nobody answers while
 * the board has no address of its own, nor while no name server does. A dotted address is its own answer.
 */
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Lan } from "./lan.js";
import { inward, type Link, outward } from "./link.js";
import type { Event, Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** A question for a name of some 15 letters in UDP and IP, and its answer. */
const packetBytes = 60;
/** How long each question waits for its answer, µs. */
const waitsUs: readonly number[] = [1_000_000, 1_000_000, 2_000_000, 3_000_000];

const dottedAddress = /^\d{1,3}(\.\d{1,3}){3}$/;

export function resolver(lan: Lan, link: Link, scheduler: Scheduler, cpu: Cpu, trace: Trace) {
  return (name: string, onResolved: (address: string | undefined) => void): void => {
    cpu.charge(costs.resolveUs);
    trace.record(cpu.nowUs, "dns.query", `"name":${JSON.stringify(name)}`);
    const events: Event[] = [];
    const end = (): void => {
      for (const event of events) scheduler.cancel(event);
    };
    const forget = cpu.onStopped(end);

    const tell = (address: string | undefined): void => {
      end();
      forget();
      cpu.post(() => {
        trace.record(cpu.nowUs, "dns.answer", `"address":${JSON.stringify(address ?? null)}`);
        onResolved(address);
      });
    };
    const ask = (atUs: number, waitUs: number, next: number): void => {
      const askedUs = link.up ? link.arrivesUs(atUs, packetBytes, outward) : Infinity;
      const answeredUs = askedUs < Infinity && link.answersNames ? link.arrivesUs(askedUs, packetBytes, inward) : Infinity;
      if (answeredUs < Infinity) {
        const answer = () => {
          if (link.up) tell(lan.names.get(name));
        };
        events.push(scheduler.at(answeredUs, answer));
      }
      const over = () => {
        if (next === waitsUs.length) tell(undefined);
        else ask(scheduler.nowUs, waitsUs[next]!, next + 1);
      };
      events.push(scheduler.at(atUs + waitUs, over));
    };

    if (dottedAddress.test(name)) events.push(scheduler.at(cpu.nowUs, () => tell(name)));
    else ask(cpu.nowUs, waitsUs[0]!, 1);
  };
}
