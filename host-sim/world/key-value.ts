/**
 * ECMA-419's key-value storage as the SDK has it on ESP32: the port's checks and costs, and the errors by
 * ESP-IDF's names. The memory, and what becomes of it when the power goes, is key-value-memory.ts.
 */
import type { KeyValueStorage, KeyValueStore } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import { type KeyValueMemory, type Toll, valueBytesMax } from "./key-value-memory.js";
import type { Trace } from "./trace.js";

const nameLengthMax = 15;

export function keyValueStorage(memory: KeyValueMemory, cpu: Cpu, trace: Trace): KeyValueStorage {
  const toll: Toll = {
    entries: (count) => cpu.charge(count * costs.keyValueEntryUs),
    erase(page) {
      trace.record(cpu.nowUs, "key-value.erase", `"page":${page}`);
      cpu.charge(costs.flashEraseUs);
    },
  };

  return {
    open({ path, mode = "r+" }) {
      // On a board without power it throws.
      cpu.charge(0);
      checkName(path);
      const writable = mode === "r+";
      if (!memory.has(path)) {
        if (!writable) throw new Error("ESP_ERR_NVS_NOT_FOUND");
        memory.found(path, toll);
      }
      return openStore(path, writable);
    },
  };

  function openStore(path: string, writable: boolean): KeyValueStore {
    let closed = false;

    function check(key: string, write: boolean): void {
      if (closed) throw new Error("closed");
      if (write && !writable) throw new Error("read-only");
      checkName(key);
      cpu.charge(0);
    }

    const label = (key: string): string => `"namespace":${JSON.stringify(path)},"key":${JSON.stringify(key)}`;

    return {
      read(key) {
        check(key, false);
        cpu.charge(costs.keyValueReadUs);
        const bytes = memory.read(path, key);
        return bytes === undefined ? undefined : Uint8Array.from(bytes).buffer;
      },
      write(key, bytes) {
        check(key, true);
        if (bytes.length > valueBytesMax) throw new Error("ESP_ERR_NVS_VALUE_TOO_LONG");
        trace.bytes(cpu.nowUs, "key-value.write", label(key), bytes);
        memory.write(path, key, bytes, toll);
      },
      delete(key) {
        check(key, true);
        trace.record(cpu.nowUs, "key-value.delete", label(key));
        memory.delete(path, key, toll);
      },
      close() {
        closed = true;
      },
    };
  }
}

function checkName(name: string): void {
  if (name.length === 0) throw new Error("ESP_ERR_NVS_INVALID_NAME");
  if (name.length > nameLengthMax) throw new Error("ESP_ERR_NVS_KEY_TOO_LONG");
}
