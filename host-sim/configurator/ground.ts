/** What the page stands on: ways to a board, and how a session on one is opened. main.ts brings the real ones, tests bring their own. */
import type { Result } from "../../firmware/base/result.js";
import type { BoardClient, BoardInfo, GattLink, PairingError } from "../pairing/contract.js";

/**
 * Why there is no link. `unsupported`: the browser cannot. `insecure`: the page came without TLS. `off`: Bluetooth is off or missing.
 * `dismissed`: nothing was chosen, or the browser was not allowed. `blocked`: a policy forbids it. `unreachable`: the board does not
 * answer. `foreign`: it is no Mote.
 */
export type LinkError = "unsupported" | "insecure" | "off" | "dismissed" | "blocked" | "unreachable" | "foreign";

/** A board that somebody has chosen: it can be connected to again. */
export interface Place {
  readonly name: string;
  /** `closed`: its window is. */
  connect(): Promise<Result<GattLink, LinkError | "closed">>;
  /** Of a simulated board. */
  pressButton?(): Promise<void>;
}

export interface SimulatedBoard {
  readonly name: string;
  /** Twelve hex digits. */
  readonly id: string;
  /** It advertises: its window is open, and nobody is connected. */
  readonly reachable: boolean;
  /** Why it is not reachable, in two or three words; empty where it is. */
  readonly state: string;
  /** Its pairing code, where the simulator tells it. */
  readonly code: string | undefined;
}

/** The boards of a simulator, which need no radio. */
export interface Simulator {
  /** Rejects when the simulator does not answer. */
  boards(): Promise<readonly SimulatedBoard[]>;
  pressButton(board: SimulatedBoard): Promise<void>;
  place(board: SimulatedBoard): Place;
}

export interface Ground {
  /** Why Bluetooth cannot be used here; undefined where it can. */
  bluetoothTrouble(): Promise<LinkError | undefined>;
  /** Lets a person choose a board. Call it in the click's own turn. */
  choose(): Promise<Result<Place, LinkError>>;
  readonly simulator: Simulator | undefined;
  /** Undefined: it is of another version. Rejects when the link is gone. */
  info(link: GattLink): Promise<BoardInfo | undefined>;
  /** Opens a session; the link is closed where that fails. */
  open(link: GattLink, secret: Uint8Array): Promise<Result<BoardClient, PairingError>>;
}
