import { setTimeout as sleep } from 'node:timers/promises'
import type { Clients, Operation } from './clients.ts'
import { inParallel } from './in-parallel.ts'

/** The lease of a key is a second, the deadline of a request three; a busy machine needs longer. */
const resolveWithinMs = 90_000
const pauseMs = 100

/** Requests under way at a time. */
const width = 50

/**
 * Repeats each operation with an unknown outcome, under its own key, until the answer is definite.
 * What has none in time stays unknown.
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
    last = await clients.ask(operation)
  }
  return last
}

export type Replay = { first: Operation; again: Operation }

/** Sends once more what was answered with an order: the sample that the plan has drawn. */
export const resend = (clients: Clients, operations: readonly Operation[]): Promise<Replay[]> => {
  const sample = operations.filter(
    ({ call, outcome, purchase }) => call === 'createOrder' && outcome === 'ok' && purchase.resends,
  )
  const deadline = Date.now() + resolveWithinMs
  return inParallel(sample, width, async (first) => ({
    first,
    again: await resolved(clients, await clients.ask(first), deadline),
  }))
}
