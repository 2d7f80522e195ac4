import { Ajv, type ErrorObject } from 'ajv'
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

export const validatorCompiler: FastifySchemaCompiler<ObjectSchema> = ({ schema, httpPart }) =>
  httpPart === 'body' ? strictAjv.compile(schema) : compileText(schema)

type ObjectSchema = { properties?: Readonly<Record<string, { type?: unknown }>> }

type TextCheck = {
  (data: Record<string, unknown>): boolean
  errors?: ErrorObject[] | null
}

/** Ajv would take whatever JavaScript reads as a number (`0x10`, `1e2`, ` 1`). */
const decimal = /^-?\d+$/

/** @returns the validation of what arrives as text, in which an integer has decimal digits */
const compileText = (schema: ObjectSchema) => {
  const validate = coercingAjv.compile(schema)
  const integers = Object.entries(schema.properties ?? {}).flatMap(([name, { type }]) =>
    type === 'integer' ? [name] : [],
  )
  if (integers.length === 0) return validate
  const check: TextCheck = (data) => {
    for (const name of integers) {
      const text = data[name]
      if (typeof text === 'string' && !decimal.test(text)) data[name] = 'no integer'
    }
    const isValid = validate(data)
    check.errors = validate.errors ?? null
    return isValid
  }
  return check
}
