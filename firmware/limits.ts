/**
 * Every bound of the firmware in one place. Each queue, buffer and loop that has one takes it from
 * here; the relations between them are asserted when the runtime starts.
 */
import { invariant } from "./base/invariant.js";

export const limits = {
  /** Sensors and channels an app may declare. */
  sensorsMax: 16,
  channelsMax: 32,
  /** Stages a channel may declare, how deep they may stand in `or` and `group`, and samples a stage's window may hold. */
  stagesMax: 12,
  stageDepthMax: 2,
  windowSamplesMax: 101,
  /** Samples that a `window` or `summary` stage, which hold none, may reduce to one result. */
  reducedSamplesMax: 1_000_000,
  /** Numbers that the arrays of one channel's stages, and of all channels together, may hold: 16 bytes each. */
  heldNumbersMax: 1_536,
  heldNumbersOfAllMax: 2_048,
  /** Channels that a `join` may take its values from. */
  joinedChannelsMax: 8,
  /** Magnitude of a reading and of any stage's result: far beyond any quantity, and its square's sum over a window still finite. */
  valueMax: 1e100,
  /** How much later than due a stage's timer fires, ms: a sample of before may still be measured, or wait in a chip, and comes first. */
  timerGraceMs: 200,
  /** Stages whose results would come further apart than this, ms, or later, mean nothing. */
  flowMaxMs: 1e15,
  /** Sampling period, ms. */
  periodMinMs: 1,
  periodMaxMs: 24 * 60 * 60 * 1000,
  /** The longest that a measurement may take from `start` to `sample`, ms: a driver that asks for more has none. */
  measureMaxMs: 60_000,
  /** A sample taken later than this after its grid point counts as late. */
  lateMs: 10,
  /** Hold-up of a stuck I²C bus, ms: below the SDK's 400 so that other sensors keep time. */
  i2cTimeoutMs: 25,
  /** MQTT: unacknowledged publishes, bytes of one packet either way, bytes waiting for the socket. */
  inflightMax: 16,
  packetBytesMax: 1024,
  outgoingBytesMax: 4096,
  topicBytesMax: 96,
  /** MQTT: bytes of all unacknowledged publishes, subscriptions, bytes of the outgoing buffer that only control packets may use. */
  inflightBytesMax: 4096,
  subscriptionsMax: 4,
  /** How long nothing is subscribed to after the broker sent a packet that is too long, ms. */
  subscriptionRestMs: 600_000,
  controlBytesReserved: 256,
  /** MQTT: how long a publish may stay unacknowledged on a live connection, and an orderly end may take, ms. */
  acknowledgeTimeoutMs: 60_000,
  stopTimeoutMs: 3_000,
  /** MQTT keep-alive, s, and how long a connection may take to be accepted, ms. */
  keepAliveS: 30,
  connectTimeoutMs: 10_000,
  /** How long joining the Wi-Fi may take, address included, ms. */
  joinTimeoutMs: 20_000,
  /** Between leaving a network and joining another, ms: the radio's leaving takes that long to be told. */
  leaveMs: 500,
  /** How long the network stays up after the uplink's end, ms: what was sent last has to leave. */
  lingerMs: 200,
  /** How often the board publishes its counters, ms. */
  countersEveryMs: 60_000,
  /** Totals and states of stages that outlive restarts, and how often each is written by default, ms: what that wears, checkpoints/ says. */
  totalsMax: 16,
  statesMax: 32,
  checkpointsEveryMs: 300_000,
  /** Records that the drain has handed to the connection and the broker has not taken, and how far it may be ahead of a consumer's confirmations. */
  drainWindow: 2,
  drainAheadMax: 64,
  /** How long a consumer's confirmation may take before records are sent again, ms: doubled each time in vain. */
  consumerPatienceMs: 30_000,
  consumerPatienceMaxMs: 3_600_000,
  /** An erase is begun so long after a sample, where so long is left until the next, or after so long a wait, ms. */
  careAfterMs: 5,
  careQuietMs: 60,
  carePatienceMs: 5_000,
  /** Back-off of Wi-Fi, DNS and broker alike, ms. */
  backoffShortestMs: 500,
  backoffLongestMs: 60_000,
  /** Boards that lose their Wi-Fi or broker in the same moment spread their return over so long, ms. */
  returnSpreadMs: 5_000,
  /** BLE: wrong secrets until the button is pressed, over all boots. */
  guessesMax: 20,
  /** BLE: bytes of a message to the board, and from it, and of a reply's body within one. */
  messageInBytesMax: 1_400,
  messageOutBytesMax: 609,
  replyBytesMax: 590,
  /** BLE: bytes of messages that wait for the radio beyond which an event is dropped; a reply is always taken. */
  eventBytesMax: 512,
  /** BLE: bytes of a frame at most (a value of GATT's has no more), frames of one direction under way without acknowledgement, and how many of one message are acknowledged at once. */
  frameBytesMax: 512,
  frameWindow: 8,
  frameAcknowledgeAfter: 4,
  /** BLE: a session without a request ends after so long, and a handshake that brings no first one, ms. */
  sessionIdleMs: 120_000,
  handshakePatienceMs: 15_000,
  /** BLE: how long the window stays open, at least again after a restart that a session asked for, and how long a press must last, ms. */
  windowMs: 300_000,
  windowAgainMs: 120_000,
  buttonMs: 40,
  /** BLE: a central without a session makes room after so long; newest values are looked for so often; an operation that takes long waits so long at most for a moment without samples, ms. */
  connectionIdleMs: 60_000,
  connectionPatienceMs: 10_000,
  feedMs: 200,
  quietPatienceMs: 2_000,
  /** BLE: what a session asked for last leaves before the board restarts, and how long a board blinks, ms. */
  restartAfterMs: 500,
  identifyMs: 5_000,
  blinkMs: 125,
  /** BLE: settings that Improv may bring while a window is open. */
  improvWrites: 12,
  /** Networks that a scan tells of. */
  foundMax: 16,
  /** BLE: an operation on P-256 takes so long, ms: it is done where no sample is due. */
  curveMs: 130,
} as const;

export function checkLimits(): void {
  invariant(limits.packetBytesMax + limits.controlBytesReserved <= limits.outgoingBytesMax, "one packet fits the outgoing buffer");
  invariant(limits.packetBytesMax < 16_384 && limits.topicBytesMax < 256, "MQTT lengths fit the bytes that the codec writes for them");
  invariant(limits.packetBytesMax <= limits.inflightBytesMax, "one packet fits the inflight window");
  invariant(
    limits.inflightMax > 0 && limits.inflightMax + 1 + limits.subscriptionsMax < 65535,
    "packet ids suffice for the inflight window",
  );
  invariant(limits.connectTimeoutMs < limits.keepAliveS * 1000, "a connection is up or given up within one keep-alive");
  invariant(limits.windowSamplesMax % 2 === 1, "the longest median window is odd");
  invariant(4 * limits.valueMax * limits.valueMax * limits.reducedSamplesMax < Infinity, "the squares of a window sum up to a number");
  invariant(limits.totalsMax * 3 * 2 < 5 * 126, "all totals fill less than half of what NVS holds");
  invariant(limits.windowAgainMs <= limits.windowMs && limits.windowMs < 0xffff * 1000, "a window's rest fits two bytes of seconds");
  invariant(limits.replyBytesMax + 2 + 16 + 1 <= limits.messageOutBytesMax, "a reply fits a message: its id and status, the tag, the kind");
  invariant(limits.frameAcknowledgeAfter < limits.frameWindow && limits.frameWindow < 32, "a window is never mistaken for the next one");
  invariant(limits.periodMinMs > 0 && limits.periodMaxMs < 0x8000_0000, "a period fits a timer");
}
