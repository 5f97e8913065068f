/** A broker's URL as a user writes it, and as it may be shown: without its password. */
import type { Settings } from "../../firmware/settings.js";

type Broker = Settings["broker"];

export const brokerRule = "mqtt://host or mqtt://user:password@host:port (plain MQTT)";

/** Undefined when it is no URL of plain MQTT. */
export function brokerOf(text: string): Broker | undefined {
  try {
    const url = new URL(text);
    if (url.protocol !== "mqtt:" || url.pathname.length > 1 || url.search !== "" || url.hash !== "") return undefined;
    // The board speaks IPv4; a name's other form is the resolver's affair.
    // MQTT 3.1.1, 3.1.2.9: no password without a user name.
    if (url.username === "" && url.password !== "") return undefined;
    if (url.hostname === "" || url.hostname.startsWith("[") || url.port === "0") return undefined;
    return {
      host: url.hostname,
      port: url.port === "" ? 1883 : Number(url.port),
      ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    };
  } catch {
    return undefined;
  }
}

export function brokerUrl({ host, port }: Broker): string {
  return `mqtt://${host}:${port}`;
}

/** What a user wrote, fit to be shown. */
export function withoutPassword(text: string): string {
  return text.replace(/:[^/@]*@/, ":…@");
}
