/**
 * The messages of a real broker, through MQTT.js: connects, subscribes, and keeps at it. A first attempt
 * that fails is final and says why; a connection that was there and breaks is tried again, for as long as
 * it takes. Speaks MQTT 3.1.1. Says nothing of user names and passwords.
 */
import { randomBytes } from "node:crypto";
import type { IPublishPacket, MqttClient } from "mqtt";
import type { Settings } from "../../firmware/settings.js";
import { failure, success, type Result } from "../../firmware/base/result.js";

export interface Traffic {
  /** Leaves in order, or within half a second. */
  close(): Promise<void>;
}

export interface TrafficEvents {
  onMessage(topic: string, payload: Buffer, packet: { readonly retain: boolean; readonly qos: number }): void;
  /** After it had been there. */
  onLost(why: string): void;
  onBack(): void;
}

const answerWithinMs = 10_000;
const againAfterMs = 1000;
const farewellMs = 500;

/** Resolves when the broker has taken the subscription, or has failed to; `cancelled` gives up waiting. */
export async function traffic(
  { host, port, username, password }: Settings["broker"],
  filters: readonly string[],
  events: TrafficEvents,
  cancelled: Promise<void>,
): Promise<Result<Traffic, "broker">> {
  const { connect } = await import("mqtt");
  const client = connect({
    protocol: "mqtt",
    host,
    port,
    clientId: "mote-record-" + randomBytes(4).toString("hex"),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    clean: true,
    resubscribe: false,
    connectTimeout: answerWithinMs,
    reconnectPeriod: againAfterMs,
    reconnectOnConnackError: true,
  });
  client.on("message", (topic: string, payload: Buffer, { retain, qos }: IPublishPacket) =>
    events.onMessage(topic, payload, { retain, qos }),
  );
  const first = await new Promise<Result<Traffic, "broker">>((resolve) => {
    let there = false;
    let lost = false;
    let trouble = "it closed the connection without a word";
    const failed = (why: string): void => resolve(failure("broker", why));
    void cancelled.then(() => failed("it was ended before the broker had answered"));
    client.on("error", (error) => {
      trouble = brokerTrouble(error);
      if (!there) failed(trouble);
    });
    client.on("close", () => {
      if (!there) failed(client.disconnecting ? "it was closed" : trouble);
      else if (!lost && !client.disconnecting) {
        lost = true;
        events.onLost("the connection broke off");
      }
    });
    const subscribed = (refused: string | undefined): void => {
      if (refused !== undefined) {
        if (there) events.onLost(refused);
        else failed(refused);
        return;
      }
      if (lost) events.onBack();
      there = true;
      lost = false;
      resolve(success({ close: () => close(client) }));
    };
    // Where the connection ends before the answer, "close" says so.
    client.on("connect", () => void subscribe(client, filters).then(subscribed, () => {}));
  });
  if (!first.ok) await close(client);
  return first;
}

/** The reason where the broker refuses; rejects when the connection ends before it answers. */
async function subscribe(client: MqttClient, filters: readonly string[]): Promise<string | undefined> {
  try {
    await client.subscribeAsync([...filters], { qos: 1 });
    return undefined;
  } catch (error) {
    // MQTT.js rejects when any of them was refused: code 128 (3.9.3).
    const { packet } = error as { packet?: { granted?: readonly number[] } };
    if (packet?.granted === undefined) throw error;
    const refused = filters.filter((_, index) => (packet.granted![index] ?? 128) >= 128);
    return `it refuses the subscription to ${refused.join(", ")}`;
  }
}

async function close(client: MqttClient): Promise<void> {
  const forced = setTimeout(() => client.end(true), farewellMs);
  await new Promise<void>((resolve) => {
    setTimeout(resolve, farewellMs + 100).unref();
    client.end(!client.connected, () => resolve());
  });
  clearTimeout(forced);
}

/** MQTT 3.1.1, table 3.1. */
const refusals: Record<number, string> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not take the client's name",
  3: "it is not available",
  4: "wrong user name or password",
  5: "not authorised: it wants a user name and password, or others",
};

const reasons: Record<string, string> = {
  ECONNREFUSED: "no program answers there",
  ENOTFOUND: "its name has no address",
  EAI_AGAIN: "its name has no address, as far as can be known now",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no network to it",
  ETIMEDOUT: "no answer from there in time",
  ECONNRESET: "it closed the connection without a word",
};

/** Why a broker could not be reached, in words. */
export function brokerTrouble(error: Error): string {
  const { code, message } = error as Error & { code?: string | number };
  if (typeof code === "number" && refusals[code] !== undefined) return `it refuses: ${refusals[code]}`;
  if (typeof code === "string" && reasons[code] !== undefined) return reasons[code];
  if (/connack timeout/i.test(message)) return "it takes the connection and then says nothing";
  return "what answers there does not speak MQTT 3.1.1";
}
