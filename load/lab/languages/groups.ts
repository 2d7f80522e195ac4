import type { Environment } from '@flash-deal/config'

/** The measured services, which exist in both languages, and their operations. */

export type Operation =
  | 'login'
  | 'refresh'
  | 'verify'
  | 'profile'
  | 'order'
  | 'order-batched'
  | 'list'

export type ServiceInBoth = 'auth' | 'order'

/** A service with its settings and the measured operations. */
export type Group = {
  service: ServiceInBoth
  /** The title of its rows. */
  title: string
  /** Settings of the process, and of product, which order calls. */
  settings: Environment
  operations: readonly Operation[]
}

/** The scenario that replaces the service in Node by the one in Go. */
export const flagOf: Readonly<Record<ServiceInBoth, string>> = {
  auth: 'SCENARIO_H3',
  order: 'SCENARIO_H4',
}

const batches = { SCENARIO_M1: 'optimized', SCENARIO_H1: 'optimized', SCENARIO_M8: 'optimized' }

export const groups: readonly Group[] = [
  {
    service: 'auth',
    title: 'auth',
    settings: {},
    operations: ['login', 'refresh', 'verify', 'profile'],
  },
  { service: 'order', title: 'order', settings: {}, operations: ['order'] },
  {
    service: 'order',
    title: 'order with batches',
    settings: { ...batches, SCENARIO_E4: 'optimized' },
    operations: ['order-batched', 'list'],
  },
]

export const operations: readonly Operation[] = groups.flatMap((group) => group.operations)

export const groupOf = (operation: Operation): Group => {
  const group = groups.find((each) => each.operations.includes(operation))
  if (group === undefined) throw new RangeError(`No group has the operation ${operation}.`)
  return group
}

/** One value for each operation. */
export const eachOperation = <Value>(value: () => Value): Record<Operation, Value> => ({
  login: value(),
  refresh: value(),
  verify: value(),
  profile: value(),
  order: value(),
  'order-batched': value(),
  list: value(),
})
