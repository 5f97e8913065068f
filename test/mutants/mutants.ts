/**
 * Mutants of the firmware: faults of the kind that people write, each a small replacement in one or two
 * modules. A campaign that does not find each of them is not worth its time.
 */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The promise that it breaks, as the checkers name it; any of them. */
  readonly breaks: readonly string[];
}

/** In the source of a module of the firmware; `from` stands there exactly once. */
export interface Edit {
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

function mutant(
  name: string,
  breaks: readonly string[],
  ...edits: readonly (readonly [module: string, from: string, to: string])[]
): Mutant {
  return { name, breaks, edits: edits.map(([module, from, to]) => ({ module, from, to })) };
}

export const mutants: readonly Mutant[] = [
  mutant("DUP is never set", ["delivery"], ["uplink/inflight.ts", "if (entry.sentMs >= 0) entry.packet[0]! |= duplicateFlag;", ""]),
  mutant(
    "a packet id is reused while in flight",
    ["delivery"],
    ["uplink/session.ts", "while (this.kept.has(id) || this.wanted.has(id));", "while ((id = this.kept.count + 1) < 0);"],
  ),
  mutant(
    "what is in flight is lost at a reconnect",
    ["delivery"],
    [
      "uplink/inflight.ts",
      "  rewind(): void {\n    this.next = 0;",
      "  rewind(): void {\n    this.entries.length = 0;\n    this.bytes = 0;\n    this.next = 0;",
    ],
  ),
  mutant(
    "the grid drifts",
    ["grid"],
    ["sensing/sampler.ts", "this.gridMs += this.periodMs;\n    if (", "this.gridMs = this.clock.nowMs() + this.periodMs;\n    if ("],
  ),
  mutant(
    "the grid drifts behind its own back",
    ["grid"],
    [
      "sensing/sampler.ts",
      "this.timers.set(this.onDue, delayMs > 0 ? delayMs : 0);",
      "this.timers.set(this.onDue, this.counts.samples === 0 ? delayMs : this.periodMs);",
    ],
  ),
  mutant(
    "the checksum is not looked at",
    ["truth"],
    ["sensing/drivers/sht3x.ts", "if (crc8(reply, 0, 2, 0xff) === reply[2]) thermometer", "if (crc8(reply, 0, 2, 0xff) >= 0) thermometer"],
  ),
  mutant(
    "a queue has no bound",
    ["delivery"],
    [
      "uplink/inflight.ts",
      "return this.entries.length < limits.inflightMax && this.bytes + packetBytes <= limits.inflightBytesMax;",
      "return packetBytes > 0;",
    ],
    ["uplink/session.ts", "if (qos === 1 && this.kept.count >= limits.inflightMax)", "if (qos === 1 && this.kept.count >= 65000)"],
  ),
  mutant(
    "values queue up in place of being replaced",
    ["newest", "delivery", "counters"],
    ["running-board.ts", "uplink.connected && uplink.publish(topic, payload, 1, true).ok", "uplink.publish(topic, payload, 1, true).ok"],
  ),
  mutant(
    "no ping is ever sent",
    ["keep-alive"],
    ["uplink/session.ts", "if (pingMs === undefined || now < pingMs) return;", "if (pingMs === undefined || now >= 0) return;"],
  ),
  mutant(
    "a window leaks into the next",
    ["stages", "recorded"],
    [
      "pipeline/stages/window.ts",
      "x = origin + sum / samples;\n    left = samples;\n    sum = 0;",
      "x = origin + sum / samples;\n    left = samples;",
    ],
  ),
  mutant(
    "a summary leaks into the next",
    ["stages", "recorded"],
    [
      "pipeline/stages/summary.ts",
      "      min = Infinity;\n      max = -Infinity;\n      sum = squares = 0;",
      "      min = Infinity;\n      sum = squares = 0;",
    ],
  ),
  mutant(
    "an error reading is taken as a value",
    ["stages", "recorded"],
    ["channel.ts", 'this.failed(error ?? "absent", gridMs);', "this.give(0, gridMs);"],
  ),
  mutant(
    "a throttle lets every missing reading pass",
    ["stages", "recorded"],
    [
      "pipeline/stages/throttle.ts",
      "      missing() {\n        const nowMs = sampleMs();\n        if (nowMs - lastMs >= everyMs) {",
      "      missing() {\n        const nowMs = sampleMs();\n        {",
    ],
  ),
  mutant(
    "a deadband forgets that a reading was missing",
    ["stages", "recorded"],
    [
      "pipeline/stages/delta.ts",
      "        return push(x);\n      }\n    },\n    missing() {\n      if (last === Infinity) return;\n      last = Infinity;\n      return missing();\n    },\n  };\n}\n\nfunction band",
      "        return push(x);\n      }\n    },\n    missing,\n  };\n}\n\nfunction band",
    ],
  ),
  mutant(
    "a failed measurement gives the one before",
    ["truth", "stages", "recorded"],
    ["sensing/drivers/sht3x.ts", "    thermometer.temperature = undefined;\n", ""],
  ),
  mutant(
    "bounces are counted",
    ["truth"],
    ["sensing/drivers/pulse.ts", "nowMs - this.#movedMs > this.#debounceMs", "nowMs >= this.#movedMs"],
  ),
  mutant("a reading that fails in part is not counted", ["counters"], ["sensing/probe.ts", "if (!whole) this.readErrors++;", ""]),
  mutant("a grid point is missed in silence", ["counters"], ["sensing/sampler.ts", "counts.missed += passed;", ""]),
  mutant(
    "the will is not retained",
    ["handshake"],
    ["running-board.ts", 'payload: "offline", qos: 1, retain: true', 'payload: "offline", qos: 1, retain: false'],
  ),
  mutant("the status is not told again", ["convergence"], ["running-board.ts", "    this.online();\n", ""]),
  mutant(
    "a dead connection is never noticed",
    ["convergence", "keep-alive"],
    ["uplink/deadlines.ts", "nowMs >= up.pingedMs + limits.connectTimeoutMs", "nowMs < 0"],
    ["uplink/deadlines.ts", "nowMs >= oldestSentMs + limits.acknowledgeTimeoutMs", "nowMs < 0"],
  ),
  mutant(
    "the Wi-Fi is joined four times at most",
    ["convergence"],
    [
      "network/wifi.ts",
      "    this.timer = timers.set(() => this.join(), wasUp",
      "    if (this.failures < 4) this.timer = timers.set(() => this.join(), wasUp",
    ],
  ),
  mutant(
    "the back-off has no end",
    ["convergence"],
    ["base/backoff.ts", "this.baseMs = baseMs * 2 > longestMs ? longestMs : baseMs * 2;", "this.baseMs = baseMs * 4;"],
  ),
  mutant(
    "the back-off waits a thousandth of its time",
    ["back-off"],
    ["base/backoff.ts", "Math.floor(half + (half * this.draw()) / 65535)", "Math.floor((half + (half * this.draw()) / 65535) / 1000)"],
  ),
  mutant(
    "the back-off does not grow",
    ["back-off"],
    ["base/backoff.ts", "this.baseMs = baseMs * 2 > longestMs ? longestMs : baseMs * 2;", ""],
    ["base/backoff.ts", "this.baseMs = this.spreadMs;", ""],
  ),
  mutant(
    "each attempt at the broker forgets the failures before it",
    ["back-off"],
    [
      "uplink/connection.ts",
      "const { device, broker } = this;\n    const deadlineMs",
      "const { device, broker } = this;\n    this.retry.reset();\n    const deadlineMs",
    ],
  ),
  mutant("the Wi-Fi is joined again at once", ["back-off"], ["network/wifi.ts", "wasUp ? this.pause.lost() : this.pause.next()", "0"]),
  mutant(
    "a unit is left out",
    ["messages"],
    ["uplink/live.ts", 'unit === "" || error !== undefined ?', "unit !== null || error !== undefined ?"],
  ),
  mutant(
    "a unit is not the declared one",
    ["messages"],
    ["uplink/live.ts", "JSON.stringify(unit)", 'JSON.stringify(unit.toLowerCase() + " ")'],
  ),
  mutant(
    "an error has a value beside it",
    ["messages"],
    ["uplink/live.ts", "'{\"error\":\"' + error + '\"'", '\'{"error":"\' + error + \'","value":\' + this.x'],
  ),
  mutant(
    "the counters are told once",
    ["counters"],
    ["running-board.ts", "      this.reporting = this.device.timers.set(again, this.countersEveryMs);", ""],
  ),
  mutant(
    "a record is freed when it is sent",
    ["history", "recorded"],
    ["uplink/drain.ts", "      journal.skip();", "      journal.skip();\n      journal.acknowledge(sent[sent.length - 1]!.seq);"],
  ),
  mutant(
    "the broker's acknowledgement frees what a consumer is to confirm",
    ["history", "recorded"],
    ["uplink/drain.ts", 'if (this.acknowledge === "broker") this.journal', "this.journal"],
  ),
  mutant(
    "a record for which there is no room is left out",
    ["history", "recorded"],
    ["uplink/drain.ts", "      if (token === 0) return;", "      if (token === 0) return journal.skip();"],
  ),
  mutant(
    "what a consumer does not confirm is never sent again",
    ["history"],
    [
      "uplink/drain.ts",
      "    this.journal.rewind();\n    this.pump();\n  }\n\n  private settle",
      "    this.pump();\n  }\n\n  private settle",
    ],
    ["uplink/drain.ts", "      this.journal.rewind();\n      // Its", "      // Its"],
  ),
  mutant(
    "a consumer is given no time to confirm",
    ["history"],
    ["uplink/drain.ts", "Math.floor(this.patienceMs * (1 + this.draw() / 2))", "1000"],
  ),
  mutant(
    "another install's confirmation counts",
    ["history", "recorded", "counters"],
    ["uplink/drain.ts", "told.install !== install || ", ""],
  ),
  mutant(
    "a block waits in RAM until it is full",
    ["recorded"],
    ["journal/recorder.ts", "timers.set(() => this.close(), ", "timers.set(() => {}, "],
  ),
  mutant(
    "the sample for which a block has no room is left out",
    ["recorded"],
    ["journal/recorder.ts", "      this.close();\n      this.encoder.value(channel, x, atMs);", "      this.close();"],
  ),
  mutant("the orderly end forgets the block under way", ["recorded"], ["history.ts", "    this.recorder.close();\n", ""]),
  mutant(
    "the board leaves without a word",
    ["farewell"],
    ["uplink/session.ts", "if (this.fields.will !== undefined) this.sayFarewell(this.fields.will);", ""],
  ),
];
