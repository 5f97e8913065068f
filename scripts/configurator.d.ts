/** What tests use of configurator.js. */

/** Builds the page into `folder`; `entry`: another beginning than main.ts. */
export function buildConfigurator(folder: string, entry?: string): Promise<void>;
