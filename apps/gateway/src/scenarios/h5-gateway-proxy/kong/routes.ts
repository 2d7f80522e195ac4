import { documents, operationsOf } from '@flash-deal/contracts'
import { type ProxiedOperation, proxiedOperations } from '../../../domain/proxied-operations.ts'
import type { Json } from '../envoy/json.ts'

/** The methods that Kong accepts. */
const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']

/** An unambiguous path segment, see `plain-paths.ts`. */
const segment = String.raw`[\w~-]+(?:\.[\w~-]+)*`

const isFixed = (path: string): boolean => !path.includes('{')

/** `/products/deals` is matched before `/products/{product_id}`. */
const matching = (path: string): { [name: string]: Json } => ({
  paths: [`~${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, segment)}$`],
  regex_priority: isFixed(path) ? 1 : 0,
  strip_path: false,
  protocols: ['http'],
})

const methodsOf = ({ operation: { method } }: ProxiedOperation): string[] =>
  method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]

/** The route of one operation of the contracts. */
export const kongRoutes = (each: ProxiedOperation): { [name: string]: Json } => ({
  name: each.operation.operationId,
  methods: methodsOf(each),
  ...matching(each.operation.path),
})

/** Other methods and undeclared paths go to the Node gateway, which responds 404 and 405. */
const otherMethods = (path: string): Json => {
  const own = proxiedOperations.filter(({ operation }) => operation.path === path)
  const known = new Set(own.flatMap(methodsOf))
  return {
    name: `other-methods-of${path.replaceAll(/[^\w]+/g, '-')}`,
    methods: allMethods.filter((method) => !known.has(method)),
    ...matching(path),
  }
}

const fixedPaths = new Set(
  [...operationsOf(documents.gateway), ...proxiedOperations.map(({ operation }) => operation)]
    .map(({ path }) => path)
    .filter(isFixed),
)

export const restRoutes: readonly Json[] = [
  ...[...fixedPaths].map(otherMethods),
  { name: 'rest', paths: ['/'], strip_path: false, protocols: ['http'] },
]
