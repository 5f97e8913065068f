/**
 * Confirmations as no consumer would send them, for a drain over a journal of a few numbers: random bytes, damaged
 * ones, other installs, numbers of the past and of the future. Runs on Node and on XS. Says what became of them, and
 * whatever broke the contract.
 */
import type { Journal } from "../../../firmware/journal/contract.js";
import { Drain } from "../../../firmware/uplink/drain.js";

export interface StrangeAcks {
  readonly taken: number;
  readonly refused: number;
  readonly broken: readonly string[];
}

const install = 305419896;
const nextSeq = 1000;

/** On XS a method called on a string allocates; called so, not. */
const codeAt = String.prototype.charCodeAt;

/** xorshift32 (Marsaglia, 2003), from 0 to below `n`. */
function dice(seed: number): (n: number) => number {
  let x = seed;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

class FewNumbers {
  readonly install = install;
  readonly boot = 7;
  readonly nextSeq = nextSeq;
  doneSeq = 0;
  cursorSeq = 0;
  lastSeq = 0;

  peek(): undefined {}
  skip(): void {}
  rewind(): void {
    this.cursorSeq = this.doneSeq;
  }
  acknowledge(seq: number): boolean {
    if (seq >= nextSeq) return false;
    if (seq >= this.doneSeq) this.doneSeq = seq + 1;
    return true;
  }
}

export function strangeAcks(count: number): StrangeAcks {
  const draw = dice(20261121);
  const broken: string[] = [];
  let journal = new FewNumbers();
  let timers = 0;
  const drainOf = (kept: FewNumbers): Drain =>
    new Drain({
      journal: kept as unknown as Journal,
      acknowledge: "consumer",
      timers: { set: () => ++timers, clear: () => void timers-- },
      send: () => 0,
      draw: () => 0,
    });
  let drain = drainOf(journal);
  let taken = 0;
  let refused = 0;
  for (let each = 0; each < count; each++) {
    if (each % 1000 === 0) {
      refused += drain.counts.strangeAcks;
      drain.stop();
      journal = new FewNumbers();
      drain = drainOf(journal);
    }
    const honest = draw(4) === 0;
    const seq = honest ? draw(nextSeq) : [nextSeq + draw(100), -1 - draw(5), draw(1e9) + 0.5, 2 ** 53, 0.5][draw(5)]!;
    const told = { install: honest || draw(2) === 0 ? install : draw(2 ** 32), boot: honest ? draw(8) : draw(20), seq };
    let text = draw(3) === 0 && !honest ? strange(draw) : `{"install":${told.install},"boot":${told.boot},"seq":${told.seq}}`;
    if (draw(50) === 0) text = text + " ".repeat(200);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = codeAt.call(text, at);
    let isWhole = true;
    if (!honest && bytes.length > 0) {
      for (let flips = draw(3); flips > 0; flips--) {
        bytes[draw(bytes.length)]! ^= 1 << draw(8);
        isWhole = false;
      }
    }
    const before = journal.doneSeq;
    drain.confirmed(bytes);
    if (journal.doneSeq < before || journal.doneSeq > nextSeq) broken.push(`done went from ${before} to ${journal.doneSeq}: ${text}`);
    if (honest && text.length <= 128 && journal.doneSeq < seq + 1) broken.push(`not taken: ${text}`);
    if (!honest && isWhole && journal.doneSeq !== before && !(told.install === install && told.boot <= 7 && seq < nextSeq)) {
      broken.push(`taken: ${text}`);
    }
    if (journal.doneSeq !== before) taken++;
    if (timers > 1 || timers < 0) broken.push(`${timers} timers`);
    if (broken.length > 5) break;
  }
  return { taken, refused: refused + drain.counts.strangeAcks, broken };
}

function strange(draw: (n: number) => number): string {
  const forms = [
    "null",
    "[]",
    '"x"',
    "{}",
    '{"install":305419896}',
    '{"install":305419896,"boot":1,"seq":"5"}',
    '{"install":"305419896","boot":1,"seq":5}',
    '{"install":305419896,"boot":1,"seq":5',
    '{"install":305419896,"boot":null,"seq":5}',
    '{"install":305419896,"boot":1,"seq":[5]}',
    '{"install":305419896,"boot":1e400,"seq":5}',
    '{"install":305419896,"boot":1,"seq":1e400}',
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    '{"__proto__":{"install":305419896,"boot":1,"seq":999}}',
    "",
  ];
  if (draw(2) === 0) return forms[draw(forms.length)]!;
  const codes: number[] = [];
  for (let length = draw(140); length > 0; length--) codes.push(draw(256));
  return String.fromCharCode(...codes);
}
