/** A closed loop: each client waits for its response, pauses, and sends the next request. */
export type ClosedLoop = {
  clients: number
  /** Responses per second. */
  rate: number
  /** Mean response time. */
  latencyMs: number
  /** Mean time between a response and the next request. */
  thinkMs: number
}

/**
 * The deviation of the figures from N = X (R + Z), as a share of N: Little 1961 ("A proof for the
 * queuing formula L = λW", Operations Research 9, 383–387) for a closed loop. Below 0, clients idled
 * or latencies are missing.
 */
export const littlesLawDeviation = ({ clients, rate, latencyMs, thinkMs }: ClosedLoop): number =>
  (rate * (latencyMs + thinkMs)) / 1000 / clients - 1
