import type { ServiceSettings } from '@flash-deal/config'

/**
 * The interval of Node's checks for late requests, in milliseconds. Its default of 30 s would be
 * added to every timeout.
 */
const lookMs = 500

/** Fastify's options for the timeouts of reading a request and the size of its head. */
export const readingOptions = (
  settings: Pick<
    ServiceSettings,
    'HEADERS_TIMEOUT_MS' | 'REQUEST_TIMEOUT_MS' | 'HEADERS_LIMIT_BYTES'
  >,
) => {
  const requestTimeout = settings.REQUEST_TIMEOUT_MS
  const headersTimeout = Math.min(settings.HEADERS_TIMEOUT_MS, requestTimeout)
  return {
    requestTimeout,
    // The limit of the request head: an overlong id is rejected by its schema.
    routerOptions: { maxParamLength: settings.HEADERS_LIMIT_BYTES },
    http: {
      requestTimeout,
      headersTimeout,
      connectionsCheckingInterval: Math.min(lookMs, headersTimeout),
      maxHeaderSize: settings.HEADERS_LIMIT_BYTES,
      // Node's own error response has no envelope.
      requireHostHeader: false,
    },
  }
}
