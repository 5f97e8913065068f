/** What the device machine asks of Node: the numbers of the calls that device.ts makes and device-calls.ts answers. */
export const operation = {
  i2cOpen: 1,
  i2cRead: 2,
  i2cWrite: 3,
  i2cClose: 4,
  analogOpen: 5,
  analogRead: 6,
  analogResolution: 7,
  analogClose: 8,
  digitalOpen: 9,
  digitalRead: 10,
  digitalWrite: 11,
  digitalClose: 12,
  tcpOpen: 13,
  tcpRead: 14,
  tcpWrite: 15,
  tcpClose: 16,
  wifiOpen: 17,
  wifiConnect: 18,
  wifiDisconnect: 19,
  wifiClose: 20,
  wifiConnection: 21,
  wifiAddress: 22,
  wifiMac: 23,
  wifiRssi: 24,
  flashOpen: 25,
  flashRead: 26,
  flashWrite: 27,
  flashErase: 28,
  flashStatus: 29,
  flashClose: 30,
  resolve: 31,
  timerSet: 32,
  timerClear: 33,
  random: 34,
  sha256: 35,
  hmacSha256: 36,
  seal: 37,
  open: 38,
  generateKeyPair: 39,
  publicKey: 40,
  agree: 41,
  board: 42,
  id: 43,
  resetReason: 44,
  restart: 45,
  /** A driver was sampled: the sensor's name, and the error if there was one. */
  witness: 46,
  /** The firmware has come to its orderly end. */
  stopped: 47,
  /** Of an app's ECMA-419 modules: `Timer.delay`, and `trace`. */
  delay: 48,
  trace: 49,
  keyValueOpen: 50,
  keyValueRead: 51,
  keyValueWrite: 52,
  keyValueDelete: 53,
  keyValueClose: 54,
  wifiScan: 55,
  wifiConfigure: 56,
  gattBegin: 57,
  gattService: 58,
  gattCharacteristic: 59,
  gattOpen: 60,
  gattAdvertise: 61,
  gattSilence: 62,
  gattMaximumWrite: 63,
  gattNotify: 64,
  gattClose: 65,
} as const;

/** Modes and edges of digital pins as they cross: the Device's own numbers stay on its side. */
export const digitalModes = ["Input", "InputPullUp", "InputPullDown", "Output", "OutputOpenDrain"] as const;

/** What a GATT server hears of; the first four are a characteristic's callbacks in their order. */
export const gattEvents = { read: 0, write: 1, subscribe: 2, unsubscribe: 3, ready: 4, connect: 5, disconnect: 6 } as const;

/** What a status is asked for. */
export const flashFields = ["size", "blockLength", "blocks"] as const;

/** Where main.ts puts the functions that Node calls first of all. */
export const control = { start: 0, stop: 1, counters: 2, occupy: 3 } as const;
