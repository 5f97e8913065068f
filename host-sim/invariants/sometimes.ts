/**
 * What a campaign must have seen at least once to be worth its time: a promise that was kept only because
 * nothing ever tried it is no promise.
 */
export const points = {
  retransmission: "a message was sent again",
  superseded: "a value waited and was replaced by a newer one",
  "window-full": "as many messages were unacknowledged as may be",
  ping: "a quiet connection was kept alive",
  takeover: "the broker still had the board's old connection when it came back",
  refused: "the broker refused a CONNECT",
  "dns-failure": "the broker's name could not be resolved",
  unreachable: "a connection never came up",
  "back-off": "an attempt came after three failures in a row",
  torn: "a connection broke with messages in flight",
  "reboot-connected": "the board lost its power while connected",
  "reboot-boot": "the board lost its power before it had ever been connected",
  "clock-back": "the board's clock jumped back",
  "bus-error": "a reading failed on the bus",
  "checksum-error": "a reading arrived damaged, and its checksum told",
  "range-error": "a reading was beyond what the sensor can measure",
  "absent-error": "a sensor was found to be missing",
  late: "a sample was late",
  missed: "a grid point passed without its sample",
  distorted: "a sensor gave what it measured, and that was wrong",
  summary: "a window's summary was published",
  counters: "the board's own counters were held against ours",
  offline: "the broker told of the board's death",
  block: "a block of samples went out",
  "gap-oldest": "a board told of samples that it gave up because its journal was full: the oldest",
  "gap-newest": "a board told of samples that it gave up because its journal was full: the newest",
  "gap-thinned": "a board told of blocks that were thinned out",
  "gap-damaged": "a board told of records that could not be read",
  "erase-waited": "a sample waited for an erase of the journal",
  "journal-full": "no sector of a journal was erased",
  watermark: "a consumer's watermark moved a board on",
  "stray-ack": "a confirmation came that confirmed nothing",
  "sent-again": "records were sent again for want of a confirmation",
  drained: "what waited in flash was with its receiver soon after all faults were over",
  visit: "somebody came with a phone",
  trial: "settings were on trial",
  "trial-kept": "settings on trial were kept, since their broker had acknowledged something",
  "trial-confirmed": "settings on trial were confirmed by hand",
  "trial-undone": "settings on trial were undone",
  "trial-restarted": "a board restarted with settings on trial",
  healed: "a board was back after all faults were over",
  farewell: "a board came to its orderly end",
} as const;

export type Point = keyof typeof points;

export const allPoints = Object.keys(points) as readonly Point[];
