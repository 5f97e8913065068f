import { test } from "vitest";
import { isDeepStrictEqual } from "node:util";
import { decodeSecond } from "./second-decoder.js";
import { decodeBlock } from "../../../host-sim/blocks/decoder.js";
import { drawFrom, mutated, randomBlock, repair } from "./random-blocks.js";
import { vectors } from "./vectors.js";
test("bom", () => {
  const b = repair(Uint8Array.from([0x4d,0x12,0,0,0,1,0,0x10,1, 4,0xef,0xbb,0xbf,0x61, 3,0xef,0xbb,0xbf, 0,0,0,0]));
  const a=decodeSecond(b), p=decodeBlock(b);
  console.log(JSON.stringify(a), JSON.stringify(p));
  const c = repair(Uint8Array.from([0x4d,0x12,0,0,0,1,0,0x10,1, 4,0xf0,0x9f,0x98,0x61, 3,0xff,0xc3,0x28, 0,0,0,0]));
  console.log(JSON.stringify(decodeSecond(c)), JSON.stringify(decodeBlock(c)));
});
test("hunt", () => {
  const t0=performance.now(); let n=0, diff=0; let acc=0;
  const bodies = vectors().map(v=>v.bytes);
  for (let seed=1000; performance.now()-t0<60000; seed++) {
    const draw = drawFrom(seed*7919);
    for (let i=0;i<500;i++) {
      let b = i%2? mutated(bodies[draw(bodies.length)]!,draw): randomBlock(draw);
      if (i%6===0) b = mutated(b,draw);
      const s=decodeSecond(b), p=decodeBlock(b); n++;
      let same = (typeof s==="string") === !p.ok;
      if (same && typeof s!=="string" && p.ok) { acc++;
        const x=s.channels.map(c=>[c.id,c.step,c.decimals,c.periodMs,c.name,c.unit,c.entries.map(e=>"number" in e?[e.timeMs,e.number]:"reason" in e?[e.timeMs,e.reason]:[e.timeMs,"gap",e.endMs,e.lost])]);
        const y=p.value.channels.map(c=>[c.id,c.step,c.decimals,c.periodMs,c.name??"",c.unit??"",c.runs.flatMap((r):unknown[]=>r.kind==="gap"?[[r.fromMs,"gap",r.toMs,r.lost]]:r.kind==="missing"?r.timesMs.map(t=>[t,r.reason]):r.timesMs.map((t,k)=>[t,r.numbers[k]]))]);
        same=isDeepStrictEqual(x,y)&&isDeepStrictEqual(s.identity,p.value.identity)&&s.startMs===p.value.startMs;
      }
      if(!same&&diff++<5) console.log("DIFF", Buffer.from(b).toString("hex"), typeof s==="string"?s:"ok", p.ok?"ok":p.error.message);
    }
  }
  console.log("hunt", n, "accepted", acc, "diff", diff);
}, 120000);
