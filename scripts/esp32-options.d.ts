/** Types of esp32-options.js, for its tests. */
export class UsageError extends Error {}

export const platforms: Readonly<Record<string, string>>;

export interface Esp32Options {
  command: "build" | "flash";
  boards: string[];
  /** What mcconfig is handed as `key=value`. */
  config: Record<string, string>;
  port: string | undefined;
  label: string | undefined;
  debug: boolean;
}

export function parseOptions(words: readonly string[], environment?: Record<string, string | undefined>): Esp32Options;
