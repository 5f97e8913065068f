/** Types of esp32-sdkconfig.js, for its tests. */
export function overruled(wanted: string, resolved: string): string[];
