/**
 * What went wrong with a reading. `bus`: no acknowledge, a stuck bus or a converter that failed;
 * `checksum`: bytes damaged on the way; `range`: a value that the sensor cannot mean (broken wire,
 * short); `absent`: no reading yet, or none of that kind; `overflow`: samples were lost because nobody
 * fetched them in time.
 */
export type ReadingError = "bus" | "checksum" | "range" | "absent" | "overflow";
