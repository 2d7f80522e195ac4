/** The parts of OpenAPI 3.1 that the contracts and the code use. */

export const serviceNames = ['auth', 'product', 'order', 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
export type Method = (typeof methods)[number]

export type JsonSchema = { readonly [keyword: string]: unknown }
export type Reference = { readonly $ref: string }

export type MediaType = {
  readonly schema: JsonSchema
  /** By name; each has a `value` or a `$ref`. */
  readonly examples?: { readonly [name: string]: unknown } | undefined
}

export type Content = { readonly [mediaType: string]: MediaType }

export type Parameter = {
  readonly name: string
  /** `path`, `query` or `header`. */
  readonly in: string
  readonly required?: boolean | undefined
  readonly schema: JsonSchema
}

export type RequestBody = { readonly required: boolean; readonly content: Content }

export type Response = {
  readonly description: string
  readonly headers?: { readonly [name: string]: unknown } | undefined
  readonly content?: Content | undefined
}

export type OperationObject<Ref> = {
  readonly operationId: string
  readonly tags: readonly string[]
  /** Names of schemes; empty if none is required. */
  readonly security: readonly { readonly [scheme: string]: unknown }[]
  readonly parameters?: readonly (Parameter | Ref)[] | undefined
  readonly requestBody?: RequestBody | Ref | undefined
  readonly responses: { readonly [status: string]: Response | Ref }
}

export type PathItem<Ref> = {
  readonly [method in Method]?: OperationObject<Ref> | undefined
} & {
  readonly servers?: readonly { readonly url: string }[] | undefined
  readonly parameters?: readonly (Parameter | Ref)[] | undefined
}

type Document<Ref> = {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: { readonly [path: string]: PathItem<Ref> }
  /** By kind (`schemas`, `responses`…), then by name. */
  readonly components: { readonly [kind: string]: { readonly [name: string]: unknown } }
}

export type OpenApiDocument = Document<Reference>
export type DereferencedDocument = Document<never>

export type Operation = {
  operationId: string
  method: Method
  path: string
  /** For other services only; the gateway does not route it. */
  internal: boolean
  secured: 'public' | 'bearer' | 'internal'
  parameters: readonly Parameter[]
  requestBody: RequestBody | undefined
  /** By status. */
  responses: { readonly [status: string]: Response }
}
