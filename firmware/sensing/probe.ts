/**
 * One sensor at work: its driver, wired as the app says, sampled on its grid, its samples handed to the
 * channels that read from it. Counts the samples that could not be read, wholly or in part.
 */
import type { ReadingError } from "../base/reading-error.js";
import { failure, success, type Result } from "../base/result.js";
import type { SensorDeclaration } from "../declaration.js";
import type { Device } from "../device.js";
import { limits } from "../limits.js";
import type { Driver, Sample } from "./driver.js";
import { sampleOnGrid, type Sampler } from "./sampler.js";

/** Who reads from the sensor. */
export interface Reader {
  take(sample: Sample, error: ReadingError | undefined, gridMs: number): boolean;
  failed(error: ReadingError, gridMs: number): void;
}

export interface Probe {
  readonly sampler: Sampler;
  /** Samples of which at least one quantity could not be read. */
  readonly readErrors: number;
  stop(): void;
}

/** The I²C clock that every supported chip takes on wires of a desk's length, Hz. */
const i2cHz = 400_000;

export function probe(
  name: string,
  declaration: SensorDeclaration,
  device: Device,
  startMs: number,
  readers: readonly Reader[],
): Result<Probe, "sensor"> {
  let error: ReadingError | undefined;
  let driver: Driver | undefined;
  try {
    driver = new declaration.driver({
      sensor: wiring(declaration, device),
      clock: device.clock,
      onError(kind: ReadingError) {
        error = kind;
      },
    });
    if (declaration.options !== undefined) driver.configure?.(declaration.options);
  } catch (thrown) {
    closeQuietly(driver);
    return failure("sensor", 'sensor "' + name + '": ' + (thrown instanceof Error ? thrown.message : "its driver cannot be made"));
  }
  const made = driver;
  let readErrors = 0;
  const count = readers.length;
  const sampler = sampleOnGrid(
    made,
    { firstMs: startMs + (declaration.phaseMs ?? 0), periodMs: declaration.everyMs },
    device.clock,
    device.timers,
    {
      sampled(sample, gridMs) {
        let whole = error === undefined;
        for (let index = 0; index < count; index++) {
          if (!readers[index]!.take(sample, error, gridMs)) whole = false;
        }
        if (!whole) readErrors++;
        error = undefined;
      },
      failed(kind, gridMs) {
        const why = error ?? kind;
        for (let index = 0; index < count; index++) readers[index]!.failed(why, gridMs);
        readErrors++;
        error = undefined;
      },
    },
  );
  return success({
    sampler,
    get readErrors() {
      return readErrors;
    },
    stop() {
      sampler.stop();
      closeQuietly(made);
    },
  });
}

/** A driver that cannot even close keeps nobody else from ending in order. */
function closeQuietly(driver: Driver | undefined): void {
  try {
    driver?.close();
  } catch {
    // There is nothing left that could be done about it.
  }
}

/** What ECMA-419 calls `options.sensor`: the class of the bus or pin, and what its constructor takes. */
function wiring(declaration: SensorDeclaration, device: Device): Record<string, unknown> {
  const { board } = device;
  if (declaration.on === "i2c") {
    const bus = {
      io: device.I2C,
      data: board.i2c.data,
      clock: board.i2c.clock,
      port: board.i2c.port,
      hz: i2cHz,
      timeout: limits.i2cTimeoutMs,
    };
    // The driver knows its chip's address; only another one is named.
    return declaration.address === undefined ? bus : { ...bus, address: declaration.address };
  }
  if (declaration.on === "analog") {
    return { io: device.Analog, pin: declaration.pin ?? board.analog, fullScaleMv: board.analogFullScaleMv };
  }
  return { io: device.Digital, pin: declaration.pin ?? board.pulse, clock: device.clock };
}
