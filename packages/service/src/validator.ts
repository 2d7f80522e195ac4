import type { JsonSchema } from '@flash-deal/contracts'
import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { explained, type Finding } from './findings.ts'
import { tooLargeIn } from './sizes.ts'
import { readTime } from './time.ts'

/**
 * A test of the contracts checks their schemas. To do it here would compile the schema of schemas, 50 ms
 * of each start.
 */
const always: Options = { allowUnionTypes: true, useDefaults: true, validateSchema: false }

const withFormats = (options: Options): Ajv => {
  const ajv = new Ajv({ ...always, ...options })
  // The package's types describe its CommonJS form, in which the function is the default export.
  addFormats.default(ajv)
  return ajv.addFormat('date-time', (text: string) => typeof readTime(text) === 'number')
}

/**
 * For bodies: no coercion, no removal of fields. It stops at the first error and checks the size of a
 * list before its members, so that the time does not grow with the number of errors.
 */
export const strictAjv = withFormats({})

/** Finds all errors. `verbose` adds the data for their messages. */
const thorough = { allErrors: true, verbose: true } as const

const thoroughAjv = withFormats(thorough)

/**
 * For path, query and headers: converts strings to the types of the contract. With `strictNumbers` Ajv
 * would not check the bounds of a number that is not finite (`1e999`).
 */
const coercingAjv = withFormats({ ...thorough, coerceTypes: true, strictNumbers: false })

export const validatorCompiler: FastifySchemaCompiler<JsonSchema> = ({ schema, httpPart }) =>
  httpPart === 'body' ? compileBody(schema) : compileText(schema)

type Check<Data> = { (data: Data): boolean; errors?: Finding[] }

/** @returns the validator of a body; if parts are too large, it reports only them */
const compileBody = (schema: JsonSchema): Check<unknown> => {
  const isValid = strictAjv.compile(schema)
  const faultsIn = (data: unknown): Finding[] => {
    // Compiled at the first invalid body: at the start it would take half of the boot time.
    const validate = thoroughAjv.compile(schema)
    validate(data)
    return explained(validate.errors)
  }
  const check: Check<unknown> = (data) => {
    if (isValid(data)) return true
    const tooLarge = tooLargeIn(schema, data)
    check.errors = tooLarge.length > 0 ? tooLarge : faultsIn(data)
    return false
  }
  return check
}

/** Ajv would accept every string that JavaScript converts to a number (`0x10`, `1e2`, ` 1`). */
const decimal = /^-?\d+$/

/** @returns the validator of strings, in which an integer has only decimal digits */
const compileText = (schema: JsonSchema): Check<Record<string, unknown>> => {
  const validate = coercingAjv.compile(schema)
  const integers = integersOf(schema)
  const check: Check<Record<string, unknown>> = (data) => {
    for (const name of integers) {
      const text = data[name]
      if (typeof text === 'string' && !decimal.test(text)) data[name] = 'no integer'
    }
    if (validate(data)) return true
    check.errors = explained(validate.errors)
    return false
  }
  return check
}

const integersOf = ({ properties }: JsonSchema): string[] =>
  Object.entries(properties ?? {}).flatMap(([name, schema]: [string, JsonSchema]) =>
    schema.type === 'integer' ? [name] : [],
  )
