/**
 * What each Device operation costs the board's one thread, in virtual µs. Bus times are computed from
 * bits and clock; the others are orders of magnitude for an ESP32 at 240 MHz, from its datasheets and
 * the SDK's sources (docs/decisions/costs.md), not measured on a board.
 */
export const costs = {
  /** Entering JavaScript for one event. */
  dispatchUs: 20,
  /** Driver and interrupt overhead of one I²C transfer, beside its bits. */
  i2cSetupUs: 30,
  analogReadUs: 40,
  digitalUs: 1,
  tcpOpenUs: 100,
  tcpCallUs: 15,
  /** lwIP's copy: 1 µs per 100 bytes. */
  tcpByteUs: 0.01,
  wifiCallUs: 200,
  /** Bluetooth's controller and host come up: memory, tasks, calibration of the radio. Blocks. */
  bleStartUs: 60_000,
  /** One message between the radio's task and the thread: FreeRTOS queue, and the poll of 1 ms for its answer is not the thread's. */
  bleEventUs: 50,
  /** A call into the host: its lock, a buffer, a command to the controller. */
  bleCallUs: 50,
  /** Copies between buffers of the host and of JavaScript. */
  bleByteUs: 0.02,
  resolveUs: 50,
  timerUs: 2,
  randomUs: 2,
  flashReadByteUs: 0.1,
  flashWriteByteUs: 2.5,
  /** A 4 KiB sector: 45 ms typical, 400 ms worst (W25Q32JV, AC characteristics, tSE). */
  flashEraseUs: 45_000,
  /** A value by its key: the index of keys is in RAM, its entries are in flash. */
  keyValueReadUs: 50,
  /** An entry of NVS (32 bytes) written, or marked as outlived: a call of the flash driver with the cache off, the bytes, and the page's map of states. */
  keyValueEntryUs: 300,
  hashUs: 10,
  hashByteUs: 0.1,
  gcmUs: 30,
  gcmByteUs: 0.15,
  /** One P-256 scalar multiplication in mbedTLS-class software. */
  keyAgreementUs: 120_000,
  restartUs: 300_000,
} as const;
