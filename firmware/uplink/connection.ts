/**
 * Keeps an MQTT session connected to its broker: name, TCP, session, and again after a back-off with jitter
 * when one of them fails. It never blocks and never gives up; what ends an attempt is told as a value. Across a
 * power cut it keeps nothing.
 */
import { backoff, type Backoff } from "../base/backoff.js";
import type { Failure, Result } from "../base/result.js";
import type { Bytes, Device, TCP, Timer } from "../device.js";
import { limits } from "../limits.js";
import type { Settings } from "../settings.js";
import type { PublishError, Session, SessionCounters, SessionError, SessionEvents, Transport } from "./contract.js";
import type { ConnectFields, QoS, TopicName, Will } from "./encode.js";
import { outgoing } from "./outgoing.js";
import { session } from "./session.js";
import type { Text } from "../base/utf8.js";

/** Beside the session's: `network`: it went down; `name`: the host has no address; `transport`: refused, reset, or closed by the broker. */
export type ConnectionError = SessionError | "network" | "name" | "transport";

export interface ConnectionEvents extends SessionEvents {
  /** An attempt failed or a connection ended; the next attempt follows by itself. Not called for an orderly end. */
  onDisconnected(error: Failure<ConnectionError>): void;
}

export interface ConnectionOptions {
  readonly broker: Settings["broker"];
  readonly clientId: string;
  /** False: the broker keeps our subscriptions, and messages for them, while we are away (3.1.2.4). */
  readonly cleanSession: boolean;
  readonly will?: Will;
}

/** Since boot. `bytesOut` and `bytesIn` are what TCP took and gave; `failures` counts `onDisconnected`. */
export interface ConnectionCounters extends SessionCounters {
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly failures: number;
}

export interface Connection {
  /** Connects now, and from then on by itself. */
  networkUp(): void;
  networkDown(): void;
  /** Leaves the broker and goes to another, with its name and password; at once where there is a network. An empty host is none. */
  redirect(broker: Settings["broker"]): void;
  /** See Session. */
  publish(topic: string | TopicName, payload: Text, qos: QoS, retain: boolean): Result<number, PublishError>;
  subscribe(filter: string, qos: QoS): Result<undefined, "topic" | "full">;
  /**
   * Orderly end, see Session. Calls back once, within limits.stopTimeoutMs, with the number of publishes that were
   * accepted and not acknowledged: at once where there is no connection.
   */
  stop(onStopped: (unacknowledged: number) => void): void;
  readonly connected: boolean;
  readonly unacknowledged: number;
  counters(): ConnectionCounters;
}

type State =
  | { readonly at: "down" }
  | { readonly at: "waiting"; readonly timer: Timer }
  | { readonly at: "resolving"; readonly timer: Timer; readonly deadlineMs: number }
  | { readonly at: "opening"; readonly tcp: TCP; readonly timer: Timer; readonly deadlineMs: number }
  /** `timer` is the session's next tick. */
  | { readonly at: "open"; readonly tcp: TCP; timer: Timer }
  /** The session has ended in order; its last bytes leave. */
  | { readonly at: "flushing"; readonly tcp: TCP; timer: Timer }
  | { readonly at: "stopped" };

type Mutable<Of> = { -readonly [Key in keyof Of]: Of[Key] };

type UplinkDevice = Pick<Device, "TCP" | "resolve" | "clock" | "timers" | "random">;

/** A class, since its methods stay in flash: as closures they would take several kilobytes of RAM. */
class BrokerConnection implements Connection, Transport {
  private readonly device: UplinkDevice;
  private broker: Settings["broker"];
  private readonly fields: Mutable<ConnectFields>;
  private readonly events: ConnectionEvents;
  private readonly queue = outgoing();
  private readonly mqtt: Session;
  private readonly retry: Backoff;
  private state: State = { at: "down" };
  private stopping: { readonly byMs: number; readonly onStopped: (unacknowledged: number) => void } | undefined;
  private bytesIn = 0;
  /** The socket refused bytes, and the timer that tells it is set. */
  private broken = false;
  private failures = 0;
  private network = false;
  /** The broker has made sense since it accepted this connection. */
  private worked = false;

  constructor(device: UplinkDevice, options: ConnectionOptions, events: ConnectionEvents) {
    const { broker, clientId, cleanSession, will } = options;
    const dice: Bytes = new Uint8Array(2);
    this.device = device;
    this.broker = broker;
    this.events = events;
    this.retry = backoff(limits.backoffShortestMs, limits.backoffLongestMs, limits.returnSpreadMs, () => {
      device.random(dice);
      return (dice[0]! << 8) | dice[1]!;
    });
    this.fields = { clientId, cleanSession, keepAliveS: limits.keepAliveS, will, username: broker.username, password: broker.password };
    this.mqtt = session(this.fields, device.clock, this, events);
  }

  get connected(): boolean {
    return this.mqtt.connected;
  }

  get unacknowledged(): number {
    return this.mqtt.unacknowledged;
  }

  counters(): ConnectionCounters {
    return { ...this.mqtt.counters, bytesOut: this.queue.writtenBytes, bytesIn: this.bytesIn, failures: this.failures };
  }

  publish(topic: string | TopicName, payload: Text, qos: QoS, retain: boolean): Result<number, PublishError> {
    return this.mqtt.publish(topic, payload, qos, retain);
  }

  subscribe(filter: string, qos: QoS): Result<undefined, "topic" | "full"> {
    return this.mqtt.subscribe(filter, qos);
  }

  networkUp(): void {
    this.network = true;
    if (this.state.at !== "down" || this.broker.host === "") return;
    this.retry.reset();
    this.attempt();
  }

  redirect(broker: Settings["broker"]): void {
    if (this.state.at === "stopped" || this.stopping !== undefined) return;
    const { network } = this;
    this.networkDown();
    this.broker = broker;
    this.fields.username = broker.username;
    this.fields.password = broker.password;
    if (network) this.networkUp();
  }

  networkDown(): void {
    this.network = false;
    if (this.state.at === "down" || this.state.at === "stopped") return;
    if (this.stopping !== undefined) return this.stopped();
    const idle = this.state.at === "waiting";
    this.worked = false;
    this.leave({ at: "down" });
    if (!idle) this.tell("network", "the network went down");
  }

  stop(onStopped: (unacknowledged: number) => void): void {
    if (this.state.at === "stopped" || this.stopping !== undefined) return;
    this.stopping = { byMs: this.device.clock.nowMs() + limits.stopTimeoutMs, onStopped };
    this.mqtt.stop();
    // Without a connection there is nothing to wait for; with one, `onEnded` may have been called already.
    const { at } = this.state as State;
    if (at === "open") this.arm();
    else if (at !== "flushing" && at !== "stopped") this.stopped();
  }

  // ---- the session's transport

  get room(): number {
    return this.queue.room;
  }

  send(packet: Bytes): void {
    if (!this.queue.push(packet)) this.broke();
  }

  onEnded(error: Failure<SessionError> | undefined): void {
    if (error !== undefined) this.fail(error.kind, error.message);
    else if (this.state.at === "open") this.flush(this.state.tcp, this.state.timer);
  }

  // ---- an attempt: name, TCP, session

  private attempt(): void {
    const { device, broker } = this;
    const deadlineMs = device.clock.nowMs() + limits.connectTimeoutMs;
    const late = () => this.fail("timeout", "no connection within " + limits.connectTimeoutMs + " ms");
    const timer = device.timers.set(late, limits.connectTimeoutMs);
    const resolving: State = { at: "resolving", timer, deadlineMs };
    this.state = resolving;
    if (isAddress(broker.host)) return this.dial(broker.host, timer, deadlineMs);
    device.resolve(broker.host, (address) => {
      if (this.state !== resolving) return;
      if (address === undefined) this.fail("name", "the name has no address, or no name server answers: check broker.host");
      else this.dial(address, timer, deadlineMs);
    });
  }

  private dial(address: string, timer: Timer, deadlineMs: number): void {
    try {
      const tcp = new this.device.TCP({
        address,
        port: this.broker.port,
        nodelay: true,
        onReadable: () => this.readable(),
        onWritable: (bytes) => this.writable(bytes),
        onError: () => this.fail("transport", this.describeEnd()),
      });
      this.state = { at: "opening", tcp, timer, deadlineMs };
    } catch (error) {
      this.fail("transport", "no socket: " + String(error));
    }
  }

  private describeEnd(): string {
    if (this.state.at === "opening") return "TCP connection refused or unanswered: check host and port, and that the broker runs";
    return this.connected ? "the connection was closed or reset" : "closed before CONNACK: check that this port speaks MQTT";
  }

  private writable(bytes: number): void {
    const state = this.state;
    if (state.at === "opening") {
      this.state = { at: "open", tcp: state.tcp, timer: state.timer };
      this.queue.writable(state.tcp, bytes);
      this.mqtt.open(state.deadlineMs);
      return this.arm();
    }
    if (state.at !== "open" && state.at !== "flushing") return;
    if (!this.queue.writable(state.tcp, bytes)) return this.broke();
    if (state.at === "open") this.mqtt.writable();
    else if (this.queue.waitingBytes === 0) this.stopped();
  }

  private readable(): void {
    if (this.state.at !== "open" && this.state.at !== "flushing") return;
    const buffer = this.state.tcp.read();
    if (buffer === undefined) return;
    this.bytesIn += buffer.byteLength;
    const accepted = this.connected;
    this.mqtt.receive(new Uint8Array(buffer));
    // A broker that makes sense after its CONNACK works: the next failure starts from a short delay again.
    if (!accepted || !this.connected) return;
    this.retry.reset();
    this.worked = true;
  }

  // ---- time

  private tick(): void {
    if (this.state.at !== "open") return;
    this.mqtt.tick();
    this.arm();
  }

  /** Sets the timer to the session's next tick. */
  private arm(): void {
    const dueMs = this.mqtt.dueMs();
    if (this.state.at !== "open" || this.broken || dueMs === undefined) return;
    this.device.timers.clear(this.state.timer);
    const delayMs = dueMs - this.device.clock.nowMs();
    this.state.timer = this.device.timers.set(() => this.tick(), delayMs > 0 ? delayMs : 0);
  }

  // ---- ends

  /** The socket refused bytes: told from a timer, since whoever publishes should not find the world changed under its feet. */
  private broke(): void {
    const { state, device } = this;
    if (state.at !== "open" && state.at !== "flushing") return;
    this.broken = true;
    device.timers.clear(state.timer);
    state.timer = device.timers.set(() => this.fail("transport", "the socket takes no more bytes"), 0);
  }

  private fail(kind: ConnectionError, message: string): void {
    if (this.stopping !== undefined) return this.stopped();
    const delayMs = this.worked ? this.retry.lost() : this.retry.next();
    this.worked = false;
    this.leave({ at: "waiting", timer: this.device.timers.set(() => this.attempt(), delayMs) });
    this.tell(kind, message);
  }

  private tell(kind: ConnectionError, message: string): void {
    this.failures++;
    this.events.onDisconnected({ kind, message: "broker " + this.broker.host + ":" + this.broker.port + ": " + message });
  }

  /** The session has ended in order: its last bytes leave, as far as there is time. */
  private flush(tcp: TCP, timer: Timer): void {
    if (this.stopping === undefined || this.queue.waitingBytes === 0) return this.stopped();
    this.device.timers.clear(timer);
    const leftMs = this.stopping.byMs - this.device.clock.nowMs();
    this.state = { at: "flushing", tcp, timer: this.device.timers.set(() => this.stopped(), leftMs > 0 ? leftMs : 0) };
  }

  private stopped(): void {
    this.leave({ at: "stopped" });
    this.mqtt.stop();
    const onStopped = this.stopping?.onStopped;
    this.stopping = undefined;
    onStopped?.(this.mqtt.unacknowledged);
  }

  /** Lets go of socket and timer, and takes up the state `next`. */
  private leave(next: State): void {
    const before = this.state;
    this.state = next;
    this.broken = false;
    if ("timer" in before) this.device.timers.clear(before.timer);
    if ("tcp" in before) before.tcp.close();
    this.queue.clear();
    this.mqtt.lost();
  }
}

/** Of `device` it uses TCP, resolve, clock, timers and random. Nothing happens before `networkUp`. */
export function connection(device: UplinkDevice, options: ConnectionOptions, events: ConnectionEvents): Connection {
  return new BrokerConnection(device, options, events);
}

/** A dotted IPv4 address, as `TCP` takes it, rather than a name. */
function isAddress(host: string): boolean {
  for (let index = 0; index < host.length; index++) {
    const code = host.charCodeAt(index);
    if (code !== 0x2e && (code < 0x30 || code > 0x39)) return false;
  }
  return host.length > 0;
}
