/** Mote's service over BLE and its characteristics by their UUIDs (docs/ble.md). */
export const moteServiceUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0000";
export const infoUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0001";
export const toBoardUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0002";
export const fromBoardUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0003";
