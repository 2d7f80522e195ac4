import { documents, operationsOf } from '@flash-deal/contracts'
import {
  isRead,
  type ProxiedOperation,
  proxiedOperations,
} from '../../domain/proxied-operations.ts'

/** What the configurations of Envoy and Kong both derive from the contracts. */

/** An unambiguous path segment, see `plain-paths.ts`. */
const segment = String.raw`[\w~-]+(?:\.[\w~-]+)*`

/** A path of the contracts with a pattern for each of its parameters. */
export const withPatterns = (path: string): string => path.replaceAll(/\{\w+\}/g, segment)

/** A path without parameters, such as `/products/deals`, which is matched before `/products/{product_id}`. */
export const isFixed = (path: string): boolean => !path.includes('{')

/** All paths without parameters, those of the Node gateway itself first. */
export const fixedPaths: ReadonlySet<string> = new Set(
  [...operationsOf(documents.gateway), ...proxiedOperations.map(({ operation }) => operation)]
    .map(({ path }) => path)
    .filter(isFixed),
)

export const methodsOf = (each: ProxiedOperation): readonly string[] =>
  isRead(each) ? ['GET', 'HEAD'] : [each.operation.method.toUpperCase()]
