/**
 * A board as a consumer meets it: records in order on `mote/<device>/data` at QoS 1, some on their way at once, kept until they are
 * confirmed: in mode `broker` by PUBACK, in mode `consumer` by the watermark on its
 * `ack` topic; what is overdue is sent again from the first that is not.
 */
import mqtt, { type MqttClient } from "mqtt";
import { draw } from "./draws.js";
import { block, gap } from "./records.js";

const window = 4;
const aheadMax = 64;
const patienceMs = 250;

export class Producer {
  readonly device: string;
  readonly mode: "broker" | "consumer";
  /** All that was ever made, by number; a gap that stands for several numbers leaves holes behind it. */
  readonly made = new Map<number, { bytes: Buffer; samples: number }>();
  readonly watermarks: number[] = [];
  samples = 0;
  readonly #client: MqttClient;
  readonly #random: () => number;
  #order: number[] = [];
  #cursor = 0;
  #done = 0;
  #underWay = 0;
  #nextSeq = 0;
  #boot = 0;
  #bootMs = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(url: string, device: string, mode: "broker" | "consumer", seed: number) {
    this.device = device;
    this.mode = mode;
    this.#random = draw(seed);
    this.#client = mqtt.connect(url, { clientId: device, clean: false, reconnectPeriod: 50, keepalive: 5 });
    this.#client.on("error", () => undefined);
    this.#client.on("connect", () => {
      if (mode === "consumer") this.#client.subscribe(`mote/${device}/ack`, { qos: 1 });
      this.#pump();
    });
    this.#client.on("message", (_topic, payload) =>
      this.#confirmed(JSON.parse(payload.toString()) as { install: number; boot: number; seq: number }),
    );
  }

  get confirmed(): boolean {
    return this.#done >= this.#order.length;
  }

  get highest(): number {
    return this.#nextSeq - 1;
  }

  /** One more record: a block, now and then a gap, now and then after a restart. */
  make(): void {
    const seq = this.#nextSeq;
    if (this.#random() < 0.02) {
      this.#boot++;
      this.#bootMs = 0;
    }
    if (seq > 0 && this.#random() < 0.03) {
      const count = 1 + Math.floor(this.#random() * 3);
      this.#add(seq, gap({ install: 7, boot: this.#boot, seq, reason: 3, count }), 0);
      this.#nextSeq += count;
    } else {
      const samples = 1 + Math.floor(this.#random() * 40);
      this.#add(seq, block({ install: 7, boot: this.#boot, seq, startMs: this.#bootMs, samples, channels: 2, everyMs: 10 }), 2 * samples);
      this.#bootMs += samples * 10;
      this.#nextSeq++;
    }
    this.#pump();
  }

  async close(): Promise<void> {
    clearTimeout(this.#patience);
    await this.#client.endAsync(true);
  }

  #add(seq: number, bytes: Buffer, samples: number): void {
    this.made.set(seq, { bytes, samples });
    this.samples += samples;
    this.#order.push(seq);
  }

  #pump(): void {
    const limit = this.mode === "consumer" ? this.#done + aheadMax : Infinity;
    while (this.#underWay < window && this.#cursor < Math.min(this.#order.length, limit)) {
      const index = this.#cursor++;
      this.#underWay++;
      this.#client.publish(`mote/${this.device}/data`, this.made.get(this.#order[index]!)!.bytes, { qos: 1 }, () => {
        this.#underWay--;
        // One connection, so PUBACKs come in order.
        if (this.mode === "broker") this.#done = index + 1;
        this.#pump();
      });
    }
    if (this.mode === "consumer") this.#patience ??= setTimeout(() => this.#overdue(), patienceMs);
  }

  #overdue(): void {
    this.#patience = undefined;
    this.#cursor = this.#done;
    this.#pump();
  }

  #confirmed({ install, seq }: { install: number; seq: number }): void {
    if (install !== 7) return;
    this.watermarks.push(seq);
    const before = this.#done;
    while (this.#done < this.#order.length && this.#order[this.#done]! <= seq) this.#done++;
    if (this.#cursor < this.#done) this.#cursor = this.#done;
    if (this.#done === before) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#pump();
  }
}
