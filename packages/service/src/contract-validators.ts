import { type OpenApiDocument, type Operation, operationsOf } from '@flash-deal/contracts'
import type { ValidateFunction } from 'ajv'
import { strictAjv } from './validator.ts'

/**
 * Compiles the validator of the request body of an operation.
 * @throws Error if the operation does not exist or has no body
 */
export const bodyValidatorOf = (document: OpenApiDocument, operationId: string): ValidateFunction =>
  compiled(
    operationId,
    find(document, operationId)?.requestBody?.content['application/json']?.schema,
  )

/**
 * Compiles the validator of the 200 response of an operation.
 * @throws as `bodyValidatorOf` does
 */
export const responseValidatorOf = (
  document: OpenApiDocument,
  operationId: string,
): ValidateFunction => {
  const { responses = {} } = find(document, operationId) ?? {}
  return compiled(operationId, responses['200']?.content?.['application/json']?.schema)
}

const find = (document: OpenApiDocument, operationId: string): Operation | undefined =>
  operationsOf(document).find((each) => each.operationId === operationId)

const compiled = (operationId: string, schema: object | undefined): ValidateFunction => {
  if (schema === undefined) throw new Error(`${operationId} has no such body in the contract.`)
  return strictAjv.compile(schema)
}
