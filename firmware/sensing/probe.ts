/**
 * One sensor at work: its driver, wired as the app says, sampled on its grid, its samples handed to the
 * channels that read from it. Counts the samples that could not be read, wholly or in part.
 */
import type { ReadingError } from "../base/reading-error.js";
import { failure, success, type Result } from "../base/result.js";
import type { SensorDeclaration } from "../declaration.js";
import type { Clock, Device, Timers } from "../device.js";
import { limits } from "../limits.js";
import type { Driver, Sample } from "./driver.js";
import { sampleOnGrid, type Sampler, type SampleSink } from "./sampler.js";

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

/** A class, since its methods stay in flash. */
class ProbeAtWork implements Probe, SampleSink {
  readErrors = 0;
  declare readonly sampler: Sampler;
  private readonly driver: Driver;
  private readonly readers: readonly Reader[];
  /** What the driver said of the sample under way. */
  private error: ReadingError | undefined;

  constructor({ driver, options }: SensorDeclaration, wires: Record<string, unknown>, clock: Clock, readers: readonly Reader[]) {
    this.readers = readers;
    const onError = (kind: ReadingError): void => {
      this.error = kind;
    };
    this.driver = new driver({ sensor: wires, clock, onError });
    try {
      if (options !== undefined) this.driver.configure?.(options);
    } catch (thrown) {
      closeQuietly(this.driver);
      throw thrown;
    }
  }

  begin({ everyMs, phaseMs = 0 }: SensorDeclaration, clock: Clock, timers: Timers, startMs: number): void {
    (this as { sampler: Sampler }).sampler = sampleOnGrid(
      this.driver,
      { firstMs: startMs + phaseMs, periodMs: everyMs },
      clock,
      timers,
      this,
    );
  }

  sampled(sample: Sample, gridMs: number): void {
    const { readers, error } = this;
    let whole = error === undefined;
    for (let index = 0; index < readers.length; index++) if (!readers[index]!.take(sample, error, gridMs)) whole = false;
    if (!whole) this.readErrors++;
    this.error = undefined;
  }

  failed(kind: ReadingError, gridMs: number): void {
    const { readers } = this;
    const why = this.error ?? kind;
    for (let index = 0; index < readers.length; index++) readers[index]!.failed(why, gridMs);
    this.readErrors++;
    this.error = undefined;
  }

  stop(): void {
    this.sampler.stop();
    closeQuietly(this.driver);
  }
}

export function probe(
  name: string,
  declaration: SensorDeclaration,
  device: Device,
  startMs: number,
  readers: readonly Reader[],
): Result<Probe, "sensor"> {
  const { clock, timers } = device;
  try {
    const made = new ProbeAtWork(declaration, wiring(declaration, device), clock, readers);
    made.begin(declaration, clock, timers, startMs);
    return success(made);
  } catch (thrown) {
    return failure("sensor", 'sensor "' + name + '": ' + (thrown instanceof Error ? thrown.message : "its driver cannot be made"));
  }
}

/** A driver that cannot even close keeps nobody else from ending in order. */
function closeQuietly(driver: Driver): void {
  try {
    driver.close();
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
