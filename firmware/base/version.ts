/** Of this firmware, as package.json has it: a test compares. */
export const firmwareVersion = "0.1.0";
