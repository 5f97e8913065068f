/** The boards of a run as a receiver beside them has them: who advertises, as what, and, since they are simulated, their pairing codes. */
import { pairingCode } from "../pairing/code.js";
import { type BoardOnAir, type BoardsAnswer, socketBoardsMax } from "../pairing/socket-protocol.js";
import type { Station } from "../station.js";
import type { SimulatedBoard } from "../world/board.js";
import type { Session } from "./session.js";

/** AD types (Bluetooth Assigned Numbers 2.3): a complete name, and data of a 16-bit service. */
const [nameType, serviceDataType] = [0x09, 0x16];
const improvServiceData = 0x4677;

/** The one of that very name comes first, then those that advertise. */
export function boardsOnAir(session: Session, find = ""): BoardsAnswer {
  const fitting = session.boards.map(({ station }) => station).filter(({ name, board }) => name.includes(find) || board.id.endsWith(find));
  const advertises = ({ board }: Station): boolean => board.bluetooth.advertisement !== undefined;
  const rank = (station: Station): number => (station.name === find ? 0 : advertises(station) ? 1 : 2);
  const ranked = fitting.map((station) => ({ station, rank: rank(station) })).sort((a, b) => a.rank - b.rank);
  const boards = ranked.slice(0, socketBoardsMax).map(({ station }) => station);
  return { boards: boards.map(onAir), of: fitting.length, state: session.state };
}

/** Undefined where it has no secret. */
export function codeOf({ secret }: SimulatedBoard): string | undefined {
  return secret === undefined ? undefined : pairingCode(secret);
}

function onAir({ name, board, powered }: Station): BoardOnAir {
  const { advertisement, response, connected } = board.bluetooth;
  const [advertised, improv, code] = [nameIn(response) ?? nameIn(advertisement), improvIn(advertisement), codeOf(board)];
  return {
    board: name,
    digits: board.id,
    rssi: rssiOf(board),
    powered,
    advertising: advertisement !== undefined,
    connected,
    ...(advertised === undefined ? {} : { name: advertised }),
    ...(improv === undefined ? {} : { improv }),
    ...(code === undefined ? {} : { simulatedCode: code }),
  };
}

/** Boards stand in a row, each a little farther away: −40 … −89 dBm. */
function rssiOf({ id }: SimulatedBoard): number {
  return -40 - ((parseInt(id.slice(-4), 16) * 7) % 50);
}

function nameIn(bytes: Uint8Array | undefined): string | undefined {
  const name = fieldIn(bytes, nameType, () => true);
  return name === undefined ? undefined : new TextDecoder().decode(name);
}

function improvIn(bytes: Uint8Array | undefined): number | undefined {
  return fieldIn(bytes, serviceDataType, (data) => data.length >= 3 && improvServiceData === data[0]! + 256 * data[1]!)?.[2];
}

/** Fields are a length, a type and data (Bluetooth Core Supplement 11, part A). */
function fieldIn(bytes: Uint8Array | undefined, type: number, fits: (data: Uint8Array) => boolean): Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  for (let at = 0; at + 1 < bytes.length; at += bytes[at]! + 1) {
    const data = bytes.subarray(at + 2, at + 1 + bytes[at]!);
    if (bytes[at + 1] === type && fits(data)) return data;
  }
  return undefined;
}
