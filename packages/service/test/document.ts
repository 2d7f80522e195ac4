import type { JsonSchema, OpenApiDocument } from '@flash-deal/contracts'

type Paths = OpenApiDocument['paths']
export type OperationObject = NonNullable<Paths[string]['get']>
type Parts = Partial<OperationObject> & { operationId: string }

/** A response or a body with a schema. */
export const json = (schema: JsonSchema) => ({
  description: 'As the schema says.',
  required: true,
  content: { 'application/json': { schema } },
})

/** Any object. */
export const anything = { type: 'object', additionalProperties: true }

/** A public operation that returns 200 with any object, or an error. */
export const operation = ({ responses = { 200: json(anything) }, ...parts }: Parts) => ({
  tags: [],
  security: [],
  ...parts,
  responses: { ...refusals, ...responses },
})

const refusals = Object.fromEntries(
  [400, 401, 413, 415, 422, 500, 503, 504].map((status) => [status, json(anything)]),
)

/** A contract with these paths, and the two that every service has. */
export const documentOf = (paths: Paths): OpenApiDocument => ({
  openapi: '3.1.0',
  info: { title: 'Test', version: '1.0.0' },
  servers: [],
  tags: [],
  components: {},
  paths: {
    '/health': { get: operation({ operationId: 'health' }) },
    '/health/ready': { get: operation({ operationId: 'ready' }) },
    ...paths,
  },
})
