/** The boards that Mote knows: one table of pins, buses, button and LED, from each board's schematic. */
export interface Board {
  /** The Moddable platform that builds for it. */
  readonly platform: "esp32" | "esp32/esp32c3" | "esp32/esp32s3";
  readonly name: string;
  /** Default I²C bus: GPIO numbers and controller. */
  readonly i2c: { readonly data: number; readonly clock: number; readonly port: number };
  /** Default analog input: a GPIO of ADC1 (ADC2 does not work beside Wi-Fi). */
  readonly analog: number;
  /** Millivolts at full scale of an analog reading (12 dB attenuation, SDK `_analog.c`). */
  readonly analogFullScaleMv: number;
  /** Default pulse input: a GPIO with a pull-up that no boot strap uses. */
  readonly pulse: number;
  readonly button: number;
  /** Absent where the board has none that is a plain output. */
  readonly led: number | undefined;
}

/** ESP32-DevKitC V4: BOOT on GPIO0, no user LED (GPIO2 on most clones); I²C on Arduino's 21 and 22. */
const esp32: Board = {
  platform: "esp32",
  name: "ESP32-DevKitC",
  i2c: { data: 21, clock: 22, port: 0 },
  analog: 34,
  analogFullScaleMv: 2450,
  pulse: 27,
  button: 0,
  led: 2,
};

/** ESP32-C3-DevKitM-1: BOOT on GPIO9 and an addressable LED on GPIO8, which is no plain output; strapping pins 2, 8, 9 are left alone. */
const esp32c3: Board = {
  platform: "esp32/esp32c3",
  name: "ESP32-C3-DevKitM-1",
  i2c: { data: 5, clock: 6, port: 0 },
  analog: 3,
  analogFullScaleMv: 2450,
  pulse: 10,
  button: 9,
  led: undefined,
};

/** ESP32-S3-DevKitC-1: BOOT on GPIO0, an addressable LED (GPIO48 or 38 by revision); strapping pins 0, 3, 45, 46 are left alone. */
const esp32s3: Board = {
  platform: "esp32/esp32s3",
  name: "ESP32-S3-DevKitC-1",
  i2c: { data: 8, clock: 9, port: 0 },
  analog: 4,
  analogFullScaleMv: 2450,
  pulse: 10,
  button: 0,
  led: undefined,
};

export const boards = { esp32, esp32c3, esp32s3 } as const;
