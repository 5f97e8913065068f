/**
 * The MQTT 3.1.1 session: a state machine without time or sockets of its own. Bytes, ticks and commands go in;
 * bytes and events come out through `Transport` and `SessionEvents`. A QoS 1 publish that was accepted stays
 * until its PUBACK, over any number of connections, and is sent again in order on each (4.4, 4.6). Malformed input ends the
 * connection with an error value and changes nothing else. Everything it keeps is bounded by `limits`.
 */
import { invariant } from "../base/invariant.js";
import { failure, success, type Result } from "../base/result.js";
import type { Bytes, Clock } from "../device.js";
import { limits } from "../limits.js";
import type { PublishError, Session, SessionCounters, SessionError, SessionEvents, Transport } from "./contract.js";
import { nextDueMs, overdue, pingAtMs, quietMsMax, type Up } from "./deadlines.js";
import { decoder, refusal, topicText, type Incoming } from "./decode.js";
import { connectPacket, disconnectPacket, pingreqPacket, pubackPacket, publishPacket, topicName } from "./encode.js";
import type { ConnectFields, QoS, TopicName, Will } from "./encode.js";
import { inflight } from "./inflight.js";
import { subscriptions } from "./subscriptions.js";
import type { Text } from "../base/utf8.js";

type State = { readonly at: "closed" } | { readonly at: "connecting"; readonly deadlineMs: number } | Up | { readonly at: "stopped" };

/** A class, since its methods stay in flash: as closures they would take several kilobytes of RAM. */
class MqttSession implements Session {
  readonly counters: SessionCounters = { published: 0, retransmitted: 0, acknowledged: 0, received: 0, connects: 0 };
  private readonly fields: ConnectFields;
  private readonly clock: Clock;
  private readonly transport: Transport;
  private readonly events: SessionEvents;
  private readonly kept = inflight();
  private readonly wanted = subscriptions();
  private readonly incoming = decoder();
  private readonly quietMs: number;
  private state: State = { at: "closed" };
  private idBefore = 0;
  /** When to subscribe again; 0: nothing keeps us from it. */
  private wakeMs = 0;
  /** Size of the publish that was refused with `full`; 0 when none was since the last `onRoom`. */
  private refusedBytes = 0;

  constructor(fields: ConnectFields, clock: Clock, transport: Transport, events: SessionEvents) {
    this.fields = fields;
    this.clock = clock;
    this.transport = transport;
    this.events = events;
    this.quietMs = quietMsMax(fields.keepAliveS);
  }

  get connected(): boolean {
    return this.state.at === "up" && this.state.stopByMs === undefined;
  }

  get unacknowledged(): number {
    return this.kept.count;
  }

  open(deadlineMs: number): void {
    invariant(this.state.at === "closed", "a session is opened on one transport at a time");
    this.kept.rewind();
    const packet = connectPacket(this.fields);
    if (!packet.ok) return this.fail("options", packet.error.message);
    this.state = { at: "connecting", deadlineMs };
    this.transport.send(packet.value);
  }

  receive(bytes: Bytes): void {
    if (this.state.at !== "connecting" && this.state.at !== "up") return;
    this.incoming.feed(bytes);
    let packet = this.incoming.next();
    while (packet !== undefined) {
      this.handle(packet);
      // After a packet that ended the connection there is no next: `close` has reset the decoder.
      packet = this.incoming.next();
    }
    this.writable();
  }

  writable(): void {
    const state = this.state;
    if (state.at !== "up") return;
    this.pump(state);
    if (state.stopByMs !== undefined) {
      if (this.kept.count === 0) this.finish(state);
      return;
    }
    const bytes = this.refusedBytes;
    if (bytes === 0 || this.kept.waiting > 0 || !this.kept.hasRoom(bytes) || !this.fits(bytes)) return;
    this.refusedBytes = 0;
    this.events.onRoom();
  }

  tick(): void {
    const state = this.state;
    const now = this.clock.nowMs();
    if (state.at === "connecting" && now >= state.deadlineMs) return this.fail("timeout", "the broker did not answer CONNECT in time");
    if (state.at !== "up") return;
    if (this.wakeMs > 0 && now >= this.wakeMs) {
      this.wakeMs = 0;
      this.wanted.wake();
      this.pump(state);
    }
    const wrong = overdue(state, this.kept.oldestSentMs, now);
    if (wrong !== undefined) return this.fail("timeout", wrong);
    if (state.stopByMs !== undefined && now >= state.stopByMs) return this.finish(state);
    const pingMs = pingAtMs(state, this.quietMs);
    if (pingMs === undefined || now < pingMs) return;
    state.pingedMs = now;
    this.sendControl(state, pingreqPacket());
  }

  dueMs(): number | undefined {
    const state = this.state;
    if (state.at === "connecting") return state.deadlineMs;
    return state.at === "up" ? nextDueMs(state, this.kept.oldestSentMs, this.quietMs) : undefined;
  }

  lost(): void {
    if (this.state.at !== "stopped") this.close({ at: "closed" });
  }

  publish(topic: string | TopicName, payload: Text, qos: QoS, retain: boolean): Result<number, PublishError> {
    const state = this.state;
    if (state.at === "stopped" || (state.at === "up" && state.stopByMs !== undefined)) {
      return failure("stopped", "publish after stop: nothing more is taken");
    }
    // Before anything is encoded: a full window is where publishes come in vain most often.
    if (qos === 1 && this.kept.count >= limits.inflightMax) return this.full(limits.packetBytesMax);
    const name = typeof topic === "string" ? topicName(topic) : success(topic);
    if (!name.ok) return name;
    const id = qos === 0 ? 0 : this.claimId();
    const packet = publishPacket(name.value, payload, qos, retain, id);
    if (!packet.ok) return packet;
    const bytes = packet.value;
    if (qos === 0) return this.publishAtMostOnce(bytes);
    return this.kept.hasRoom(bytes.length) ? success(this.keep(bytes, id)) : this.full(bytes.length);
  }

  subscribe(filter: string, qos: QoS): Result<undefined, "topic" | "full"> {
    const added = this.wanted.add(filter, qos);
    if (added.ok && this.state.at === "up") this.pump(this.state);
    return added;
  }

  stop(): void {
    const state = this.state;
    if (state.at === "stopped") return;
    if (state.at !== "up") {
      this.close({ at: "stopped" });
      return this.transport.onEnded(undefined);
    }
    if (state.stopByMs !== undefined) return;
    state.stopByMs = this.clock.nowMs() + limits.stopTimeoutMs;
    if (this.fields.will !== undefined) this.sayFarewell(this.fields.will);
    this.writable();
  }

  private handle(packet: Incoming): void {
    const state = this.state;
    if (packet.type === "fault") {
      // Somebody may have left a message on one of our topics that is too long, and it would come with each connection: we ask for none for a while.
      if (packet.error.kind === "oversize") this.wakeMs = this.clock.nowMs() + limits.subscriptionRestMs;
      return this.fail(packet.error.kind, packet.error.message);
    }
    if (state.at === "connecting") {
      if (packet.type === "connack") return this.connack(packet.sessionPresent, packet.code);
      return this.fail("protocol", packet.type + " before CONNACK (MQTT-3.2.0-1)");
    }
    if (state.at !== "up") return;
    state.receivedMs = this.clock.nowMs();
    switch (packet.type) {
      case "connack":
        return this.fail("protocol", "a second CONNACK (3.2)");
      case "pingresp":
        state.pingedMs = undefined;
        return;
      case "suback":
        return this.suback(packet.id, packet.codes);
      case "puback":
        return this.puback(packet.id);
      case "publish": {
        const topic = topicText(packet.topic);
        if (topic === undefined) return this.fail("malformed", "PUBLISH whose topic is empty, no UTF-8, or holds a wildcard (3.3.2.1)");
        this.counters.received++;
        this.events.onMessage(topic, packet.payload, packet.retain);
        // Delivered first, acknowledged after: what is lost in between comes again (4.3.2).
        if (packet.qos === 1 && this.state === state) this.sendControl(state, pubackPacket(packet.id));
      }
    }
  }

  private connack(sessionPresent: boolean, code: number): void {
    if (code !== 0) return this.fail("refused", "the broker refused the connection: " + refusal(code) + " (CONNACK " + code + ")");
    const now = this.clock.nowMs();
    this.state = { at: "up", sentMs: now, receivedMs: now, pingedMs: undefined, stopByMs: undefined };
    this.counters.connects++;
    if (this.wakeMs > now) this.wanted.rest();
    this.wanted.rewind(sessionPresent);
    this.events.onConnected(sessionPresent);
  }

  private suback(id: number, codes: Bytes): void {
    const filter = this.wanted.answer(id);
    if (filter === undefined) return;
    const code = codes[0]!;
    if (codes.length !== 1 || code === 2) return this.fail("protocol", "SUBACK does not fit its SUBSCRIBE to " + filter + " (3.9.3)");
    this.events.onSubscribed(filter, code === 0x80 ? undefined : (code as QoS));
  }

  private puback(id: number): void {
    const token = this.kept.acknowledge(id);
    if (token === 0) return;
    this.counters.acknowledged++;
    this.events.onAcknowledged(token);
  }

  /** Sends what waits, as far as there is room. */
  private pump(up: Up): void {
    while (this.wanted.waiting) {
      const id = this.claimId();
      const packet = this.wanted.peek(id);
      if (packet === undefined || !this.fits(packet.length)) return;
      this.wanted.sent(id);
      this.send(up, packet);
    }
    let packet = this.kept.peek();
    while (packet !== undefined && this.fits(packet.length)) {
      if (this.kept.sent(this.clock.nowMs())) this.counters.retransmitted++;
      else this.counters.published++;
      this.send(up, packet);
      packet = this.kept.peek();
    }
  }

  private publishAtMostOnce(packet: Bytes): Result<number, PublishError> {
    const state = this.state;
    if (state.at !== "up") return failure("offline", "QoS 0 publish without a connection to the broker: publish after onConnected");
    if (this.kept.waiting > 0 || !this.fits(packet.length)) return this.full(packet.length);
    this.counters.published++;
    this.send(state, packet);
    return success(0);
  }

  private full(packetBytes: number): Result<number, PublishError> {
    this.refusedBytes = packetBytes;
    return failure("full", "the broker has not yet taken what was published before: publish again after onRoom");
  }

  private keep(packet: Bytes, id: number): number {
    const token = this.kept.add(id, packet);
    if (this.state.at === "up") this.pump(this.state);
    return token;
  }

  /** Outside the window's bounds: one packet, once. */
  private sayFarewell(will: Will): void {
    const topic = topicName(will.topic);
    const id = this.claimId();
    const packet = topic.ok ? publishPacket(topic.value, will.payload, 1, will.retain, id) : topic;
    if (packet.ok) this.keep(packet.value, id);
  }

  /** 1 … 65535, and round; never one that is in flight (2.3.1). */
  private claimId(): number {
    let id = this.idBefore;
    do id = id === 65535 ? 1 : id + 1;
    while (this.kept.has(id) || this.wanted.has(id));
    this.idBefore = id;
    return id;
  }

  private fits(bytes: number): boolean {
    return this.transport.room >= bytes + limits.controlBytesReserved;
  }

  private send(up: Up, packet: Bytes): void {
    up.sentMs = this.clock.nowMs();
    this.transport.send(packet);
  }

  /** A packet that cannot wait. Its bytes are reserved, so there is no room only when the broker has long stopped reading. */
  private sendControl(up: Up, packet: Bytes): void {
    if (this.transport.room >= packet.length) this.send(up, packet);
    else this.fail("overload", "the broker sends but does not read: " + limits.outgoingBytesMax + " bytes wait for it");
  }

  private finish(up: Up): void {
    if (this.transport.room >= 2) this.send(up, disconnectPacket());
    this.close({ at: "stopped" });
    this.transport.onEnded(undefined);
  }

  private fail(kind: SessionError, message: string): void {
    this.close({ at: "closed" });
    this.transport.onEnded({ kind, message });
  }

  private close(next: State): void {
    this.state = next;
    this.incoming.reset();
  }
}

export function session(fields: ConnectFields, clock: Clock, transport: Transport, events: SessionEvents): Session {
  return new MqttSession(fields, clock, transport, events);
}
