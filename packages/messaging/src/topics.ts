import { topics } from '@flash-deal/contracts/events'
import { Admin, findErrorBy } from '@platformatic/kafka'
import { clientOptions } from './client-options.ts'

/** The brokers and the prefix of the topics. */
export type Cluster = {
  brokers: readonly string[]
  /** The prefix of the names of topics and groups, so that several systems can share the brokers. */
  prefix?: string
}

/** The dead-letter topic of a topic, for records that no consumer can process. */
export const deadLettersOf = (topic: string): string => `${topic}-dead-letters`

const kept = { 'retention.ms': String(7 * 86_400_000) }

/** Creates missing topics with the brokers' default replication. */
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
      // Another process has created it meanwhile.
      if (!findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error
    })
}
