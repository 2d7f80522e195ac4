import { setTimeout as sleep } from 'node:timers/promises'
import type { Clients, Operation } from './clients.ts'
import { inParallel } from './in-parallel.ts'

/** The lease of a key is 1 s and the deadline of a request is 3 s; a busy machine needs longer. */
const resolveWithinMs = 90_000
const pauseMs = 100

/** Concurrent requests. */
const width = 50

/**
 * Retries each operation with an unknown outcome, with the same key, until its outcome is definite.
 * After the time limit the outcome stays `unknown`.
 */
export const resolveUnknown = (
  clients: Clients,
  operations: readonly Operation[],
): Promise<Operation[]> => {
  const deadline = Date.now() + resolveWithinMs
  return inParallel(operations, width, (operation) => resolved(clients, operation, deadline))
}

const resolved = async (
  clients: Clients,
  operation: Operation,
  deadline: number,
): Promise<Operation> => {
  let last = operation
  while (last.outcome === 'unknown' && Date.now() < deadline) {
    await sleep(pauseMs)
    last = await clients.send(operation)
  }
  return last
}

export type Replay = { first: Operation; again: Operation }

/** Resends the sample of acknowledged orders that the plan has selected. */
export const resend = (clients: Clients, operations: readonly Operation[]): Promise<Replay[]> => {
  const sample = operations.filter(
    ({ call, outcome, purchase }) => call === 'createOrder' && outcome === 'ok' && purchase.resends,
  )
  const deadline = Date.now() + resolveWithinMs
  return inParallel(sample, width, async (first) => ({
    first,
    again: await resolved(clients, await clients.send(first), deadline),
  }))
}
