import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

const options = { allErrors: true, allowUnionTypes: true, useDefaults: true }

const withFormats = (ajv: Ajv): Ajv => {
  // The package's types describe its CommonJS shape, where the function is the default export.
  addFormats.default(ajv)
  return ajv
}

/** Bodies are taken as they are: no coercion, nothing stripped. */
export const strictAjv = withFormats(new Ajv(options))

/**
 * What arrives as text (path, query, headers) becomes the type that the contract names. With
 * `strictNumbers` Ajv would leave out the bounds of a number that is not finite (`1e999`).
 */
const coercingAjv = withFormats(new Ajv({ ...options, coerceTypes: true, strictNumbers: false }))

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? strictAjv : coercingAjv).compile(schema)
