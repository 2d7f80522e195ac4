import { topics } from '@flash-deal/contracts/events'
import { Admin, findErrorBy } from '@platformatic/kafka'
import { clientOptions } from './client-options.ts'

/** Where the topics are. */
export type Cluster = {
  brokers: readonly string[]
  /** Stands before the names of topics and groups, so that several systems can share the brokers. */
  prefix?: string
}

/** The dead-letter topic of a topic: it holds the records that no consumer can process. */
export const deadLettersOf = (topic: string): string => `${topic}-dead-letters`

const kept = { 'retention.ms': String(7 * 86_400_000) }

/** Creates the topics that are missing, with the replication that is the brokers' default. */
export const createTopics = async ({ brokers, prefix = '' }: Cluster): Promise<void> => {
  const admin = new Admin(clientOptions(brokers, 'topics'))
  try {
    for (const [topic, { partitions }] of Object.entries(topics)) {
      await create(admin, prefix + topic, partitions)
      await create(admin, prefix + deadLettersOf(topic), 1)
    }
  } finally {
    await admin.close()
  }
}

const create = async (admin: Admin, topic: string, partitions: number): Promise<void> => {
  const configs = Object.entries(kept).map(([name, value]) => ({ name, value }))
  await admin
    .createTopics({ topics: [topic], partitions, replicas: -1, configs })
    .catch((error: Error) => {
      // Another process was faster.
      if (!findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error
    })
}
