import { stringDeserializers, stringSerializers } from '@platformatic/kafka'

/** How both kinds of clients reach the brokers. Milliseconds. */
export const clientOptions = (brokers: readonly string[], clientId: string) => ({
  clientId,
  bootstrapBrokers: [...brokers],
  connectTimeout: 1_000,
  timeout: 5_000,
  retries: 1,
  retryDelay: 100,
  // A broker that is away is noticed at the next request.
  metadataMaxAge: 5_000,
  autocreateTopics: false,
})

export { stringDeserializers, stringSerializers }
