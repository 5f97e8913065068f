/**
 * The tables and views of a store, version 1; docs/collect.md explains those that people query. Numbers are whole and
 * small, so that SQLite packs them; values and wall times are worked out in views.
 */
export const applicationId = 0x4d_4f_54_45;
export const storeVersion = 1;

/** What a boot's wall time may be off though it was heard live, ms: the network, the broker, the time until a block was closed. */
const liveSlackMs = 1000;
/** A board's clock may run so much faster or slower. */
const driftPpm = 100;

const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Numbers run over all boots of one install. base: the first that is expected; next: the lowest that is not here, nor explained by a gap.
CREATE TABLE installs (
  id INTEGER PRIMARY KEY, device INTEGER NOT NULL, install INTEGER NOT NULL,
  base INTEGER NOT NULL, settled INTEGER NOT NULL, next INTEGER NOT NULL, next_boot INTEGER NOT NULL,
  highest INTEGER NOT NULL, since_ms INTEGER NOT NULL, arrived_ms INTEGER NOT NULL,
  UNIQUE (device, install)
);

-- offset_ms: the least of arrival - last sample's time, so the boot's wall time or later; offset_at_ms: by which sample.
-- near_ms: how well two blocks agreed that were heard live. before_*: the block before.
CREATE TABLE boots (
  id INTEGER PRIMARY KEY, install INTEGER NOT NULL, boot INTEGER NOT NULL,
  first_ms INTEGER, last_ms INTEGER NOT NULL, offset_ms INTEGER, offset_at_ms INTEGER, near_ms INTEGER,
  before_offset_ms INTEGER, before_last_ms INTEGER,
  UNIQUE (install, boot)
);

CREATE TABLE channels (
  id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, channel INTEGER NOT NULL, step INTEGER NOT NULL, decimals INTEGER NOT NULL,
  scale REAL NOT NULL, name TEXT, unit TEXT,
  UNIQUE (boot, channel, step, decimals)
);

CREATE TABLE blocks (
  install INTEGER NOT NULL, seq INTEGER NOT NULL, boot INTEGER NOT NULL, crc INTEGER NOT NULL, bytes INTEGER NOT NULL,
  samples INTEGER NOT NULL, first_ms INTEGER, last_ms INTEGER, arrived_ms INTEGER NOT NULL,
  PRIMARY KEY (install, seq, boot)
) WITHOUT ROWID;

-- The numbers from first_seq to last_seq are explained by it, and its own.
CREATE TABLE gaps (
  install INTEGER NOT NULL, seq INTEGER NOT NULL, boot INTEGER NOT NULL, crc INTEGER NOT NULL, reason TEXT NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, records INTEGER NOT NULL, samples INTEGER NOT NULL,
  more INTEGER NOT NULL, samples_unknown INTEGER NOT NULL, times_unknown INTEGER NOT NULL,
  from_boot INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_boot INTEGER NOT NULL, to_ms INTEGER NOT NULL, arrived_ms INTEGER NOT NULL,
  PRIMARY KEY (install, seq, boot)
) WITHOUT ROWID;

-- number: the value in the channel's resolutions; missing: 0 to 7 where there is none. n tells apart what else would be equal.
CREATE TABLE points (
  channel INTEGER NOT NULL, ms INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL, number INTEGER, missing INTEGER,
  PRIMARY KEY (channel, ms, seq, n)
) WITHOUT ROWID;

-- Stretches in which a channel was not sampled, as blocks tell them.
CREATE TABLE pauses (
  channel INTEGER NOT NULL, from_ms INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL,
  to_ms INTEGER NOT NULL, lost INTEGER NOT NULL,
  PRIMARY KEY (channel, from_ms, seq, n)
) WITHOUT ROWID;

-- What was kept out: malformed payloads, and identities that came again with other bytes.
CREATE TABLE refused (
  device TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, last_ms INTEGER NOT NULL, last_reason TEXT NOT NULL,
  PRIMARY KEY (device, what)
) WITHOUT ROWID;
`;

/** A boot ended before the next began, and began after the one before ended: so those that were not heard live are bounded. */
const views = `
CREATE VIEW boot_times AS
WITH
  sums AS (
    -- total, not sum: of times that a broken board tells, the sum may exceed all integers.
    SELECT *, total(last_ms) OVER (PARTITION BY install ORDER BY boot ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_ms
    FROM boots
  ),
  bounds AS (
    SELECT *,
      before_ms + min(offset_ms - before_ms) OVER (PARTITION BY install ORDER BY boot ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        AS latest_ms,
      before_ms + max(CASE WHEN near_ms IS NOT NULL THEN offset_ms - max(near_ms, ${liveSlackMs}) - before_ms END)
        OVER (PARTITION BY install ORDER BY boot ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS earliest_ms
    FROM sums
  )
SELECT id, install, boot, first_ms, last_ms, CAST(coalesce(latest_ms, earliest_ms) AS INTEGER) AS began_ms,
  CAST(max(latest_ms - earliest_ms, 0) AS INTEGER) AS uncertainty_ms, coalesce(offset_at_ms, last_ms) AS sure_at_ms
FROM bounds;

CREATE VIEW channel_names AS
SELECT c.id, c.boot, c.channel, c.step, c.decimals, c.scale,
  coalesce(nullif(c.name, ''), CASE WHEN c.name IS NULL THEN (
    SELECT nullif(o.name, '') FROM boots b JOIN boots ob ON ob.install = b.install JOIN channels o ON o.boot = ob.id
    WHERE b.id = c.boot AND o.channel = c.channel AND o.step = c.step AND o.decimals = c.decimals AND o.name IS NOT NULL
    ORDER BY abs(ob.boot - b.boot) LIMIT 1) END, 'channel ' || c.channel) AS name,
  coalesce(c.unit, (
    SELECT o.unit FROM boots b JOIN boots ob ON ob.install = b.install JOIN channels o ON o.boot = ob.id
    WHERE b.id = c.boot AND o.channel = c.channel AND o.step = c.step AND o.decimals = c.decimals AND o.name IS NOT NULL
    ORDER BY abs(ob.boot - b.boot) LIMIT 1), '') AS unit
FROM channels c;

CREATE VIEW samples AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', (t.began_ms + p.ms) / 1000.0, 'unixepoch') AS time,
  d.name AS device, c.name AS channel, p.number * c.step / c.scale AS value, c.unit AS unit,
  CASE p.missing WHEN 0 THEN 'none' WHEN 1 THEN 'bus' WHEN 2 THEN 'checksum' WHEN 3 THEN 'range' WHEN 4 THEN 'absent'
    WHEN 5 THEN 'overflow' WHEN 7 THEN 'unknown' END AS missing,
  p.ms AS ms, t.boot AS boot, p.seq AS seq,
  t.uncertainty_ms + abs(p.ms - t.sure_at_ms) * ${driftPpm} / 1000000 AS uncertainty_ms,
  i.install AS install, t.began_ms + p.ms AS time_ms
FROM points p JOIN channel_names c ON c.id = p.channel JOIN boot_times t ON t.id = c.boot
  JOIN installs i ON i.id = t.install JOIN devices d ON d.id = i.device;

-- The newest value of each device's channels, found without reading the others.
CREATE VIEW newest AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time_ms / 1000.0, 'unixepoch') AS time,
  device, channel, value, unit, ms, boot, seq, max(time_ms) AS time_ms
FROM (
  SELECT d.name AS device, c.name AS channel, p.number * c.step / c.scale AS value, c.unit AS unit,
    p.ms AS ms, t.boot AS boot, p.seq AS seq, t.began_ms + p.ms AS time_ms
  FROM channel_names c JOIN boot_times t ON t.id = c.boot JOIN installs i ON i.id = t.install JOIN devices d ON d.id = i.device
    JOIN points p ON p.channel = c.id AND p.number IS NOT NULL
      AND p.ms = (SELECT q.ms FROM points q WHERE q.channel = c.id AND q.number IS NOT NULL ORDER BY q.ms DESC LIMIT 1)
)
GROUP BY device, channel;
`;

export const schema = `${tables}${views}
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${storeVersion};
`;

export const missingReasons = ["none", "bus", "checksum", "range", "absent", "overflow", "unknown", "unknown"] as const;

export function missingCode(reason: (typeof missingReasons)[number]): number {
  return reason === "unknown" ? 7 : missingReasons.indexOf(reason);
}
