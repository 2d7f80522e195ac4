import { documents, type Operation, operationsOf, serviceNames } from '@flash-deal/contracts'

/** The gateway responds to these itself; those of the services are not forwarded. */
const own = new Set(['health', 'ready'])

/** Every operation that clients can call, from the contracts. */
export const publicOperations: readonly Operation[] = serviceNames.flatMap((service) =>
  operationsOf(documents[service]).filter(
    ({ internal, operationId }) => !internal && (service === 'gateway' || !own.has(operationId)),
  ),
)

/** An operation as a call, such as `PATCH /products/…`, with an id for what its path leaves open. */
export const callOf = ({ method, path }: Pick<Operation, 'method' | 'path'>, id = ''): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, id)}`

/** Names of operations, to hold them against a list in a test. */
export const namesOf = (operations: readonly Operation[]): string[] =>
  operations.map(({ operationId }) => operationId)
