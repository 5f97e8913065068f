/**
 * How patient each end of a TCP connection is.
 *
 * The board is lwIP as the Moddable SDK builds it (CONFIG_LWIP_TCP_SYNMAXRTX 6, CONFIG_LWIP_TCP_RTO_TIME 3000, TCP_MAXRTX 12;
 * tcp_slowtmr in tcp.c counts in 500 ms): a SYN each 3 s; data after 1.5 s, where the estimate of a fast network settles
 * (three ticks: it rounds no lower), twice as long each time up to 128-fold; given up one tick after the last. So a
 * connection attempt fails after 18.5 s, and a connection 19 min after the first loss.
 *
 * The other end is Linux (Documentation/networking/ip-sysctl: tcp_synack_retries 5, tcp_retries2 15, RTO 200 ms … 120 s):
 * a connection attempt is forgotten after 63 s, a connection given up after 924.6 s.
 */
import type { Waits } from "./segment-pipe.js";

const tickUs = 500_000;

export const boardSyn: Waits = [...Array.from({ length: 6 }, () => 6 * tickUs), tickUs];
export const boardData: Waits = [...Array.from({ length: 12 }, (_, index) => (3 * tickUs) << Math.min(index, 7)), tickUs];
export const peerSyn: Waits = Array.from({ length: 6 }, (_, index) => 1_000_000 << index);
export const peerData: Waits = Array.from({ length: 16 }, (_, index) => Math.min(200_000 * 2 ** index, 120_000_000));
