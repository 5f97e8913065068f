/* The chip behind sht4x.js, for `mote sim --chip`: it answers commands, and not while it measures. */

/** How long a measurement takes, ms (datasheet SHT4x, 3.3, table 5). */
const durations = { 0xfd: 8.3, 0xf6: 4.5, 0xe0: 1.6 };

/** A word and its checksum: 4.4. */
function word(value) {
  const bytes = [value >> 8, value & 0xff];
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : (crc << 1) & 0xff;
  }
  return [...bytes, crc];
}

function raw(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 65535);
}

/** A function, so that each board gets a chip with a memory of its own. */
export default () => {
  let result;
  let readyMs = 0;
  return {
    address: 0x44,
    write([command], { nowMs, temperatureC, humidityPercent }) {
      if (nowMs < readyMs) return false;
      if (durations[command] !== undefined) {
        result = [...word(raw((temperatureC + 45) / 175)), ...word(raw((humidityPercent + 6) / 125))];
        readyMs = nowMs + durations[command];
      }
      return true;
    },
    read(length, { nowMs }) {
      if (result === undefined || nowMs < readyMs) return undefined;
      const given = result;
      result = undefined;
      return given;
    },
  };
};
