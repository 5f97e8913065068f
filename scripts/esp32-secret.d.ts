/** Types of esp32-secret.js, for its tests. */
export interface Esptool {
  readonly tool: string;
  readonly words: readonly string[];
  /** Of its commands: `read-flash` or `read_flash`. */
  readonly dash: "-" | "_";
}

export function secretOffset(csv: string): number;

export function findEsptool(onPath: (tool: string) => boolean, environment: NodeJS.ProcessEnv): Esptool | undefined;

export function secretIn(image: Uint8Array, imageOf: (secret: Uint8Array) => Uint8Array): Buffer | undefined;
