/** The globals of the device machine: natives of c/natives.c, kept in flash. Nothing but host-sim/xs uses them; benches may use those at the end. */
declare function hostCall(operation: number, ...values: unknown[]): unknown;
/** Has Node fill all of `into`; returns what the operation returns. */
declare function hostFill(operation: number, into: Uint8Array, ...values: unknown[]): unknown;
/** The functions that Node calls by index. The same array each time. */
declare function hostCallbacks(): (((...values: never[]) => unknown) | undefined)[];
/** The board's clock, ms, as of the last message from Node. */
declare function hostNowMs(): number;

/** For benches: this computer's monotonic clock, µs. */
declare function nowUs(): number;
/** Slots and bytes of chunks in use, garbage included: what was allocated since, as long as `collections()` is unchanged. */
declare function slotsInUse(): number;
declare function chunkBytesInUse(): number;
declare function collections(): number;
declare function collect(): void;
