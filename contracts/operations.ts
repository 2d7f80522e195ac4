import { dereference } from './dereference.ts'
import {
  type Method,
  methods,
  type OpenApiDocument,
  type Operation,
  type OperationObject,
  type PathItem,
} from './openapi.ts'

const known = new WeakMap<OpenApiDocument, readonly Operation[]>()

/**
 * The operations of a document as a flat list, in its order and with all references resolved. The
 * result is cached by document, so that schemas compiled from it are compiled once.
 */
export const operationsOf = (document: OpenApiDocument): readonly Operation[] => {
  const operations = known.get(document) ?? read(document)
  known.set(document, operations)
  return operations
}

const read = (document: OpenApiDocument): Operation[] =>
  Object.entries(dereference(document).paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation ? [operationOf(path, method, item, operation)] : []
    }),
  )

const operationOf = (
  path: string,
  method: Method,
  item: PathItem<never>,
  { operationId, tags, security, parameters = [], requestBody, responses }: OperationObject<never>,
): Operation => ({
  operationId,
  method,
  path,
  internal: tags.includes('internal'),
  secured: securedBy(security),
  parameters: [...(item.parameters ?? []), ...parameters],
  requestBody,
  responses,
})

const securedBy = (security: OperationObject<never>['security']): Operation['secured'] => {
  const schemes = security.flatMap((requirement) => Object.keys(requirement))
  if (schemes.includes('internalKey')) return 'internal'
  return schemes.includes('bearer') ? 'bearer' : 'public'
}
