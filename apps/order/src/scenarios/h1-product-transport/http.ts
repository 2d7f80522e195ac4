import { httpCalls } from './http-calls.ts'
import { oneByOne } from './one-by-one.ts'
import type { ProductTransport, ProductTransportOptions } from './seam.ts'

/** HTTP/1.1 with JSON on keep-alive connections. */
export const keptConnections = (options: ProductTransportOptions): ProductTransport =>
  oneByOne(httpCalls(options, { keepAlive: true }), options.app.witness('H1', 'pooled_call'))
