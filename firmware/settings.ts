/** What a board must know before it can reach anybody: from build time for now (see firmware/main.ts), never logged. */
export interface Settings {
  wifi: { ssid: string; password: string };
  broker: {
    /** A name or a dotted address. */
    host: string;
    /** 1…65535. */
    port: number;
    username?: string;
    password?: string;
  };
}
