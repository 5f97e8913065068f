/**
 * Whether ESP-IDF's resolved configuration says what sdkconfig/sdkconfig.defaults asked for. The SDK
 * writes over some of it (with BLE it sets legacy pairing back on), and silently: so it is read back.
 */

/**
 * @param {string} wanted The project's sdkconfig.defaults.
 * @param {string} resolved The `sdkconfig` that ESP-IDF made of it.
 * @returns {string[]} The lines that were overruled. An option that this ESP-IDF does not have is no contradiction.
 */
export function overruled(wanted, resolved) {
  const lines = new Set(resolved.split(/\r?\n/));
  return wanted.split(/\r?\n/).filter((line) => {
    const [, name, value] = /^(CONFIG_\w+)=(\w+)$/.exec(line) ?? [];
    if (name === undefined) return false;
    return value === "n" ? lines.has(`${name}=y`) : lines.has(`# ${name} is not set`);
  });
}
