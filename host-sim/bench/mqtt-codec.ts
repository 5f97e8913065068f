/** The firmware's MQTT codec on XS: how long a publish takes, and whether each byte is mqtt-packet's. */
import mqttPacket from "mqtt-packet";
import { success, failure, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, medianRatio, type Row } from "./benchmark.js";
import type { Measured, Vector } from "./mqtt-codec-rounds.js";
import { referenceNs, there } from "./reference.js";

/** Publishes over all flags, lengths on both sides of each length byte, and topics of one- to four-byte characters. */
export function vectors(): Vector[] {
  const made: Vector[] = [];
  const topics = ["t", "mote/garden-a1b2c3/temperature", "größe/€/温度/🌡", "x".repeat(96)];
  for (const topic of topics) {
    for (const length of [0, 1, 20, 90, 110, 125, 127, 128, 300, 900]) {
      const number = made.length;
      const vector = { topic, qos: (number % 2) as 0 | 1, retain: number % 3 === 0, id: 1 + ((number * 9973) % 65535) };
      const payload = Array.from({ length }, (_, index) => (index * 31 + number) % 256);
      const packet = { cmd: "publish" as const, ...vector, messageId: vector.id, payload: Buffer.from(payload), dup: false };
      made.push({ ...vector, payload, expected: [...mqttPacket.generate(packet)] });
    }
  }
  return made;
}

export function measureCodec(): Result<Measured> {
  const ran = runInXs({
    source: `import { measure } from "host-sim/bench/mqtt-codec-rounds"; report(measure(${JSON.stringify(vectors())}));`,
    preload: ["firmware/uplink/encode", "firmware/uplink/decode", "firmware/base/utf8"],
  });
  return ran.ok ? success(ran.value.value as Measured) : failure(ran.error.kind, ran.error.message);
}

export const mqttCodec: Benchmark = {
  name: "MQTT codec on XS",
  run() {
    const ran = measureCodec();
    return ran.ok ? success(rows(ran.value)) : ran;
  },
};

function rows({ different, bothUs, textUs, writeUs, publishes, slots, chunkBytes, yardstickUs, yardstickSamples }: Measured): Row[] {
  const perSample = medianRatio(bothUs, yardstickUs) * (yardstickSamples / publishes);
  const fastestUs = (times: number[]) => Math.min(...times) / publishes;
  return [
    {
      what: `100-byte QoS 1 publish, written and read, ${there}`,
      measured: (perSample * referenceNs) / 1000,
      unit: "µs",
      limit: { atMost: 10 },
    },
    { what: "the same in P1 samples by hand", measured: perSample },
    { what: "the same on this computer, fastest round", measured: fastestUs(bothUs), unit: "µs" },
    { what: "only written, fastest round", measured: fastestUs(writeUs), unit: "µs" },
    { what: "from strings, topic read to a string, fastest round", measured: fastestUs(textUs), unit: "µs" },
    { what: "slots allocated a publish", measured: slots },
    { what: "chunk bytes allocated a publish", measured: chunkBytes, unit: "B" },
    { what: "publishes unlike mqtt-packet's", measured: different.length, limit: { equal: 0 } },
  ];
}
