/** Every error code that a client may receive, with its status and default message. */
export const catalogue = {
  MALFORMED_BODY: { status: 400, message: 'The body is not valid JSON.' },
  INSUFFICIENT_STOCK: { status: 400, message: 'There is not enough stock.' },
  INVALID_ORDER_STATE: {
    status: 400,
    message: 'The order is in a state that does not allow this.',
  },
  UNAUTHORIZED: { status: 401, message: 'A bearer token is required.' },
  INVALID_TOKEN: { status: 401, message: 'The token is not valid. Log in again.' },
  INVALID_CREDENTIALS: { status: 401, message: 'Email or password is wrong.' },
  FORBIDDEN: { status: 403, message: 'This belongs to somebody else.' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this address.' },
  PRODUCT_NOT_FOUND: { status: 404, message: 'There is no such product.' },
  DEAL_NOT_FOUND: { status: 404, message: 'There is no such deal of this product.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This address does not take this method.' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time. Send it again.' },
  EMAIL_EXISTS: { status: 409, message: 'An account with this email exists.' },
  DEAL_NOT_ACTIVE: { status: 409, message: 'The deal has not begun or is over.' },
  PURCHASE_LIMIT_EXCEEDED: { status: 409, message: "The deal's limit per buyer is reached." },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    message: 'A request with this Idempotency-Key is under way. Repeat it in a moment.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'The body must be application/json.' },
  EXPECTATION_FAILED: {
    status: 417,
    message: 'Expect: 100-continue is the only supported expectation.',
  },
  VALIDATION_ERROR: { status: 422, message: 'Some fields are not valid; see details.' },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    message: 'This Idempotency-Key was used with another body. Use a new key.',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Too many requests. Repeat after the time in Retry-After.',
  },
  HEADERS_TOO_LARGE: { status: 431, message: 'The address or the headers are too large.' },
  INTERNAL_ERROR: { status: 500, message: 'Something went wrong on our side.' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'The service cannot answer right now. Repeat after the time in Retry-After.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    message: 'The answer did not come in time. Whether it took effect is not known.',
  },
} as const satisfies Record<string, { status: number; message: string }>

export type ErrorCode = keyof typeof catalogue

export type ErrorOptions = {
  message?: string
  /** Sent to the client: the problem of each field. */
  details?: Record<string, unknown>
  /** For the log only; never sent. */
  cause?: unknown
  /** Seconds, for the `Retry-After` header; 503, 429 and IDEMPOTENCY_IN_PROGRESS have 1 by default. */
  retryAfterS?: number
}

/** An error that is sent to the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly statusCode: number
  readonly details: Record<string, unknown> | undefined
  readonly retryAfterS: number | undefined

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(options.message ?? catalogue[code].message, { cause: options.cause })
    this.code = code
    this.statusCode = catalogue[code].status
    this.details = options.details
    this.retryAfterS = options.retryAfterS ?? defaultRetryAfterS(code)
  }
}

const repeatable: ReadonlySet<ErrorCode> = new Set([
  'IDEMPOTENCY_IN_PROGRESS',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
])

const defaultRetryAfterS = (code: ErrorCode): number | undefined =>
  repeatable.has(code) ? 1 : undefined

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code)
