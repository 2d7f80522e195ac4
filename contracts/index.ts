/** The contracts for code: documents, a flat list of operations, and types. */
import auth from './gen/auth.json' with { type: 'json' }
import type { components } from './gen/auth.ts'
import gateway from './gen/gateway.json' with { type: 'json' }
import order from './gen/order.json' with { type: 'json' }
import product from './gen/product.json' with { type: 'json' }
import type { OpenApiDocument, ServiceName } from './openapi.ts'

export { dereference } from './dereference.ts'
export type { operations as AuthOperations } from './gen/auth.ts'
export type { operations as GatewayOperations } from './gen/gateway.ts'
export type { operations as OrderOperations } from './gen/order.ts'
export type { operations as ProductOperations } from './gen/product.ts'
export { merge } from './merge.ts'
export type {
  Content,
  DereferencedDocument,
  JsonSchema,
  Method,
  OpenApiDocument,
  Operation,
  Parameter,
  RequestBody,
  Response,
  ServiceName,
} from './openapi.ts'
export { serviceNames } from './openapi.ts'
export { operationsOf } from './operations.ts'

/** Every error code; the same in all contracts. */
export type ErrorCode = components['schemas']['ErrorCode']

export const documents: Readonly<Record<ServiceName, OpenApiDocument>> = {
  auth,
  product,
  order,
  gateway,
}
