import { httpCalls } from './http-calls.ts'
import { oneByOne } from './one-by-one.ts'
import type { ProductTransport, ProductTransportOptions } from './seam.ts'

/** HTTP/1.1 with JSON, a new connection for each call. */
export const connectionPerCall = (options: ProductTransportOptions): ProductTransport =>
  oneByOne(httpCalls(options, { keepAlive: false }), options.app.witness('H1', 'connection_call'))
