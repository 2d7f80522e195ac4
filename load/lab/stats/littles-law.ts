/** A closed loop: each client waits for its response, pauses, and sends the next request. */
export type ClosedLoop = {
  clients: number
  /** Answers a second. */
  rate: number
  /** Mean time until the answer. */
  latencyMs: number
  /** Mean time between an answer and the next request. */
  thinkMs: number
}

/**
 * How far the figures are from N = X (R + Z), as a share of N: Little 1961 ("A proof for the
 * queuing formula L = λW", Operations Research 9, 383–387) for a closed loop. 0 where they agree;
 * below 0 clients were idle that should have been asking, or latencies are missing.
 */
export const littlesLawDeviation = ({ clients, rate, latencyMs, thinkMs }: ClosedLoop): number =>
  (rate * (latencyMs + thinkMs)) / 1000 / clients - 1
