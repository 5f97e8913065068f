/*
 * Sensirion SHT4x: temperature and relative humidity over I2C (datasheet SHT4x, version 6).
 * A sensor driver as ECMA-419 has it (clause 13), in plain JavaScript: nothing in it is Mote's.
 */
import CRC8 from "crc";
import Timer from "timer";

const ADDRESS = 0x44;
/** Measure, by precision, and how long that takes at most, ms (4.5, table 8; 3.3, table 5). */
const MEASURE = { high: { command: 0xfd, ms: 9 }, medium: { command: 0xf6, ms: 5 }, low: { command: 0xe0, ms: 2 } };
const RESET = 0x94;
const RESET_MS = 1;

class SHT4x {
  #io;
  #onError;
  #crc = new CRC8(0x31, 0xff); // 4.4
  #bytes = new Uint8Array(6);
  #measure = MEASURE.high;

  constructor(options) {
    const io = (this.#io = new options.sensor.io({ address: ADDRESS, hz: 400_000, ...options.sensor }));
    this.#onError = options.onError;
    io.sendByte(RESET);
    Timer.delay(RESET_MS);
  }

  configure({ precision = "high" }) {
    if (!Object.hasOwn(MEASURE, precision)) throw new RangeError("precision must be high, medium or low");
    this.#measure = MEASURE[precision];
  }

  /** Blocks for as long as the measurement takes. */
  sample() {
    const io = this.#io;
    const bytes = this.#bytes;
    io.sendByte(this.#measure.command);
    Timer.delay(this.#measure.ms);
    io.read(bytes);
    const temperature = this.#word(0);
    const humidity = this.#word(3);
    // 4.6
    return {
      thermometer: { temperature: temperature === undefined ? undefined : -45 + (175 * temperature) / 65535 },
      hygrometer: { humidity: humidity === undefined ? undefined : Math.min(100, Math.max(0, -6 + (125 * humidity) / 65535)) },
    };
  }

  close() {
    this.#io?.close();
    this.#io = undefined;
  }

  /** Two bytes and their checksum. */
  #word(at) {
    const bytes = this.#bytes;
    if (this.#crc.reset().checksum(bytes.subarray(at, at + 2)) === bytes[at + 2]) return bytes[at] * 256 + bytes[at + 1];
    this.#onError?.("checksum");
    return undefined;
  }
}

export default SHT4x;
