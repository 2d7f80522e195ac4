import { type ProxiedOperation, proxiedOperations } from '../../../domain/proxied-operations.ts'
import { fixedPaths, isFixed, methodsOf, withPatterns } from '../contract-paths.ts'
import type { Json } from '../envoy/json.ts'

/** The methods that Kong accepts. */
const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']

/** `/products/deals` is matched before `/products/{product_id}`. */
const matching = (path: string): { [name: string]: Json } => ({
  paths: [`~${withPatterns(path.replaceAll('.', '\\.'))}$`],
  regex_priority: isFixed(path) ? 1 : 0,
  strip_path: false,
  protocols: ['http'],
})

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

export const restRoutes: readonly Json[] = [
  ...[...fixedPaths].map(otherMethods),
  { name: 'rest', paths: ['/'], strip_path: false, protocols: ['http'] },
]
