import { setTimeout as sleep } from 'node:timers/promises'
import { type Clients, type Operation, width } from './clients.ts'
import { inParallel } from './in-parallel.ts'

/** The lease of a key is a second, a request's deadline five. */
const resolveWithinMs = 20_000
const pauseMs = 100

/**
 * Repeats each operation with an unknown outcome, under its own key, until the answer is definite.
 * What has none in time stays unknown.
 */
export const resolveUnknown = (
  clients: Clients,
  operations: readonly Operation[],
): Promise<Operation[]> => {
  const deadline = Date.now() + resolveWithinMs
  return inParallel(operations, width, async (operation) => {
    let resolved = operation
    while (resolved.outcome === 'unknown' && Date.now() < deadline) {
      await sleep(pauseMs)
      resolved = await clients.ask(operation)
    }
    return resolved
  })
}

export type Replay = { first: Operation; again: Operation }

/** Sends once more what was answered with an order: the sample that the plan has drawn. */
export const resend = (clients: Clients, operations: readonly Operation[]): Promise<Replay[]> => {
  const sample = operations.filter(
    ({ call, outcome, purchase }) => call === 'createOrder' && outcome === 'ok' && purchase.resends,
  )
  return inParallel(sample, width, async (first) => ({ first, again: await clients.ask(first) }))
}
