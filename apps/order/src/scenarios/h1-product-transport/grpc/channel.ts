import { healthService } from '@flash-deal/contracts/grpc'
import { ApiError } from '@flash-deal/errors'
import { type CallContext, callBulkhead, roundRobin } from '@flash-deal/service'
import {
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js'

/** Maximum size of a response in bytes: 100 results of ten lines take half of it. */
const responseBytesMax = 1_048_576

const channelOptions: ChannelOptions = {
  'grpc.max_receive_message_length': responseBytesMax,
  'grpc.enable_retries': 0,
  // As with HTTP, it reconnects within a second.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // Keepalive detects a lost peer earlier than TCP.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 2_000,
}

const pingMs = 1_000

export type GrpcChannelOptions = {
  /** Called in rotation. */
  urls: readonly string[]
  internalKey: string
}

export type GrpcCall = <Sent, Received>(
  method: MethodDefinition<Sent, Received>,
  message: Sent,
  context: CallContext,
) => Promise<Received>

/** Another service over gRPC: one connection for each of its addresses. */
export class GrpcChannel {
  readonly #options: GrpcChannelOptions
  readonly #clients: readonly Client[]
  readonly #next: () => Client
  readonly #bulkheads = new Map<string, ReturnType<typeof callBulkhead>>()

  constructor(options: GrpcChannelOptions) {
    this.#options = options
    this.#clients = options.urls.map(
      (url) => new Client(new URL(url).host, credentials.createInsecure(), channelOptions),
    )
    this.#next = roundRobin(this.#clients)
  }

  /**
   * @throws NotStarted if nothing was sent, because the queue is full or the deadline has expired;
   * ApiError DEADLINE_EXCEEDED without a response in time, SERVICE_UNAVAILABLE for every other
   * status; the outcome of both is unknown
   */
  readonly call: GrpcCall = async (method, message, context) => {
    const leave = await this.#bulkheadOf(method.path).enter(context.deadline)
    try {
      return await send(this.#next(), method, message, {
        ...context,
        metadata: this.#metadata(context),
      })
    } finally {
      leave()
    }
  }

  /** Resolves if the service at any of its addresses is serving. */
  async ping(): Promise<void> {
    await Promise.any(this.#clients.map((client) => pingAt(client)))
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }

  #bulkheadOf(path: string) {
    const bulkhead = this.#bulkheads.get(path) ?? callBulkhead()
    this.#bulkheads.set(path, bulkhead)
    return bulkhead
  }

  #metadata({ trace }: CallContext): Metadata {
    const metadata = new Metadata()
    for (const [name, value] of Object.entries(trace)) metadata.set(name, value)
    metadata.set('x-internal-key', this.#options.internalKey)
    return metadata
  }
}

const send = <Sent, Received>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Sent, Received>,
  message: Sent,
  { deadline, stopping, metadata }: CallContext & { metadata: Metadata },
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest<Sent, Received>(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      { deadline: Date.now() + deadline.remainingToStart() },
      (error, received) => {
        stopping?.removeEventListener('abort', cancel)
        if (received !== undefined && !error) resolve(received)
        else reject(errorFrom(error))
      },
    )
    const cancel = (): void => call.cancel()
    stopping?.addEventListener('abort', cancel, { once: true })
    if (stopping?.aborted) cancel()
  })

const errorFrom = (cause: ServiceError | null): ApiError =>
  cause?.code === status.DEADLINE_EXCEEDED
    ? new ApiError('DEADLINE_EXCEEDED', { cause })
    : unavailable(cause)

/** The same error as for a call over HTTP. */
export const unavailable = (cause: unknown): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', { message: cannotAnswer, cause })

const cannotAnswer = 'product cannot answer right now. Repeat after the time in Retry-After.'

const pingAt = async (client: Client): Promise<void> => {
  const { path, requestSerialize, responseDeserialize } = healthService.Check
  const deadline = Date.now() + pingMs
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    {},
    { deadline },
    (error, answer) =>
      !error && answer?.status === 'SERVING'
        ? resolve()
        : reject(error ?? new Error(`product is ${answer?.status}.`)),
  )
  return promise
}
