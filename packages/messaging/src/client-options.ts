import { stringDeserializers, stringSerializers } from '@platformatic/kafka'

/** The connection options of producers and consumers. Times are in milliseconds. */
export const clientOptions = (brokers: readonly string[], clientId: string) => ({
  clientId,
  bootstrapBrokers: [...brokers],
  connectTimeout: 1_000,
  timeout: 5_000,
  retries: 1,
  retryDelay: 100,
  // An unavailable broker is detected at the next request.
  metadataMaxAge: 5_000,
  autocreateTopics: false,
})

export { stringDeserializers, stringSerializers }
