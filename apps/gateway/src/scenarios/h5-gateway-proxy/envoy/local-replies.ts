import { catalogue, type ErrorCode } from '@flash-deal/errors'
import { type Json, typed } from './json.ts'

/** Responses of Envoy itself, in the error envelope of the contracts. */
export const localReplies: Json = {
  mappers: [
    // Auth's keys could not be fetched, so the token cannot be verified.
    mapper(and(status(401), details('Jwks_remote_fetch_is_failed')), 'SERVICE_UNAVAILABLE'),
    mapper(and(status(401), withToken()), 'INVALID_TOKEN'),
    mapper(status(401), 'UNAUTHORIZED'),
    mapper(and(status(403), details('[well-formed]')), 'MALFORMED_BODY'),
    // Malformed, for another audience, or without the claims of an access token.
    mapper(and(status(403), details('access_denied')), 'INVALID_TOKEN'),
    mapper(and(status(403), method('CONNECT')), 'METHOD_NOT_ALLOWED'),
    mapper(status(404), 'NOT_FOUND'),
    mapper(status(405), 'METHOD_NOT_ALLOWED'),
    mapper(status(408), 'REQUEST_TIMEOUT'),
    mapper(status(413), 'PAYLOAD_TOO_LARGE'),
    mapper(status(429), 'RATE_LIMITED'),
    mapper(status(431), 'HEADERS_TOO_LARGE'),
    // An unknown transfer coding.
    mapper(status(501), 'MALFORMED_BODY'),
    mapper(status(504), 'DEADLINE_EXCEEDED'),
    mapper(atLeast(500), 'SERVICE_UNAVAILABLE'),
    mapper(atLeast(400), 'MALFORMED_BODY'),
  ],
}

function mapper(filter: Json, code: ErrorCode): Json {
  const { status: status_code, message } = catalogue[code]
  return {
    filter,
    status_code,
    headers_to_add: headersOf(code),
    body_format_override: {
      json_format: { error: code, message, request_id: '%REQ(X-REQUEST-ID)%' },
      // A request that is rejected before it is parsed has no id.
      omit_empty_values: true,
    },
  }
}

function headersOf(code: ErrorCode): Json {
  const { status: code_ } = catalogue[code]
  const headers = {
    ...(code_ === 401 && { 'www-authenticate': 'Bearer' }),
    ...((code_ === 503 || code_ === 429) && { 'retry-after': '1' }),
  }
  return Object.entries(headers).map(([key, value]) => ({
    header: { key, value },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  }))
}

function status(value: number): Json {
  return comparison('EQ', value)
}

function atLeast(value: number): Json {
  return comparison('GE', value)
}

function comparison(op: string, default_value: number): Json {
  const value = { default_value, runtime_key: 'local_reply' }
  return { status_code_filter: { comparison: { op, value } } }
}

function and(...filters: Json[]): Json {
  return { and_filter: { filters } }
}

function method(exact: string): Json {
  return { header_filter: { header: { name: ':method', string_match: { exact } } } }
}

function withToken(): Json {
  return { header_filter: { header: { name: 'authorization', present_match: true } } }
}

function details(part: string): Json {
  return {
    extension_filter: {
      name: 'envoy.access_loggers.extension_filters.cel',
      typed_config: typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', {
        expression: `response.code_details.contains('${part}')`,
      }),
    },
  }
}
