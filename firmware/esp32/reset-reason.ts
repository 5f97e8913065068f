/** What ESP-IDF's `esp_reset_reason()` returned, in the port's words. */
import type { ResetReason } from "../device.js";

/** ESP-IDF 6.0, `esp_system.h`, `esp_reset_reason_t`: 0 unknown … 15 CPU lock-up. What is not listed (USB, JTAG, SDIO, eFuse) stays unknown. */
const words: Readonly<Record<number, ResetReason>> = {
  1: "power-on",
  // The reset pin, i.e. the board's button.
  2: "power-on",
  3: "software",
  4: "panic",
  5: "watchdog",
  6: "watchdog",
  7: "watchdog",
  8: "deep-sleep",
  9: "brown-out",
  // A power glitch that the detector caught.
  14: "brown-out",
  // The CPU locked up in a double exception.
  15: "panic",
};

export function resetReasonOf(code: number): ResetReason {
  return words[code] ?? "unknown";
}
