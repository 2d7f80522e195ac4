import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { findingsMax } from './bounded.ts'
import { ApiError, type ErrorCode } from './catalogue.ts'

/** Maps Fastify's own errors to the catalogue. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_BODY',
  FST_ERR_BAD_URL: 'NOT_FOUND',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
}

/**
 * Converts any thrown value to an error for the client. An unexpected error becomes
 * `INTERNAL_ERROR`, with the original as its cause, for the log.
 */
export const fromUnknown = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return new ApiError('INTERNAL_ERROR', { cause: error })
  if ('validation' in error && Array.isArray(error.validation)) {
    return new ApiError('VALIDATION_ERROR', { details: fieldDetails(error.validation) })
  }
  const code = 'code' in error ? fastifyCodes[String(error.code)] : undefined
  if (code !== undefined) return new ApiError(code)
  return isClientError(error)
    ? new ApiError('MALFORMED_BODY', { cause: error })
    : new ApiError('INTERNAL_ERROR', { cause: error })
}

/** An error of a body parser. Fastify gives those without a code the status 400. */
const isClientError = (error: Error): boolean => 'statusCode' in error && error.statusCode === 400

/** Ajv's errors as field → message. The first error of each field is kept. */
const fieldDetails = (
  findings: readonly FastifySchemaValidationError[],
): Record<string, string> => {
  const sentences = new Map<string, string>()
  for (const finding of findings) {
    const field = fieldOf(finding)
    if (!sentences.has(field)) sentences.set(field, sentenceOf(finding))
    // One more than the maximum shows that some are omitted.
    if (sentences.size > findingsMax) break
  }
  return Object.fromEntries(sentences)
}

/** `/items/0/quantity` → `items.0.quantity`. For a missing or unknown property, its own path. */
const fieldOf = ({ instancePath, params }: FastifySchemaValidationError): string => {
  const property = params.missingProperty ?? params.additionalProperty
  const path = [...instancePath.split('/').slice(1), ...(property === undefined ? [] : [property])]
  return path.join('.') || 'body'
}

/** Ajv's message, replaced where it does not help the client. */
const sentenceOf = (finding: FastifySchemaValidationError): string => {
  const { keyword, message = 'is not valid', params } = finding
  if (keyword === 'not') return 'must not be this value'
  if (keyword === 'minProperties') return `must name at least ${params.limit} of its fields`
  // Clients cannot read the regular expression.
  if (keyword === 'pattern' && message.includes(`${params.pattern}`))
    return 'does not have the required format'
  return `${message}${allowedOf(finding)}`
}

const allowedOf = ({ params }: FastifySchemaValidationError): string =>
  Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
