import { randomUUID } from 'node:crypto'
import { Consumer, type Message } from '@platformatic/kafka'
import { AppendLog } from './append-log.ts'
import { clientOptions, stringDeserializers } from './client-options.ts'
import { type Cluster, deadLettersOf } from './topics.ts'

/** The parked records of a topic are a queue that starts at a committed offset. */

export type DeadLetter = {
  /** The position in the queue. */
  offset: bigint
  /** Topic, partition and offset of the original record. */
  from: string
  reason: string
  key: string
  value: string
  headers: Record<string, string>
}

type Options = Cluster & { topic: string }

const parkedOf = ({ prefix = '', topic }: Options): string => prefix + deadLettersOf(topic)

const group = 'dead-letters'
const partition = 0

/** Up to `count` records that were neither replayed nor dropped, oldest first. */
export const listDeadLetters = (options: Options, count: number): Promise<DeadLetter[]> =>
  withConsumer(options, (consumer) => read(consumer, options, count))

/**
 * Appends up to `count` of the oldest records to their topic again, and removes them from the queue.
 * After a crash between the two steps they are appended twice; consumers detect that by the id.
 */
export const replayDeadLetters = (options: Options, count: number): Promise<DeadLetter[]> =>
  withConsumer(options, async (consumer) => {
    const letters = await read(consumer, options, count)
    const log = new AppendLog({
      ...{ ...options, clientId: group, queueMax: 10_000, timeoutMs: 10_000 },
    })
    try {
      await Promise.all(letters.map((letter) => log.add(replayed(letter, options.topic))))
    } finally {
      await log.close()
    }
    await advance(consumer, options, letters)
    return letters
  })

/** Removes up to `count` of the oldest records from the queue. The topic keeps them for its retention. */
export const dropDeadLetters = (options: Options, count: number): Promise<DeadLetter[]> =>
  withConsumer(options, async (consumer) => {
    const letters = await read(consumer, options, count)
    await advance(consumer, options, letters)
    return letters
  })

type StringConsumer = Consumer<string, string, string, string>

const withConsumer = async <Result>(
  { brokers, prefix = '', group: groupId = prefix + group }: Options & { group?: string },
  work: (consumer: StringConsumer) => Promise<Result>,
): Promise<Result> => {
  const consumer: StringConsumer = new Consumer({
    ...clientOptions(brokers, group),
    groupId,
    deserializers: stringDeserializers,
  })
  // The values for a commit of a group without members. With null the broker closes the connection.
  consumer.memberId = ''
  consumer.generationId = -1
  try {
    return await work(consumer)
  } finally {
    await consumer.close(true)
  }
}

const read = async (
  consumer: StringConsumer,
  options: Options,
  count: number,
): Promise<DeadLetter[]> => {
  const parked = parkedOf(options)
  const begin = await beginOf(consumer, parked)
  const [end = 0n] = (await consumer.listOffsets({ topics: [parked] })).get(parked) ?? []
  const letters: DeadLetter[] = []
  if (begin >= end || count < 1) return letters
  // A separate group: the group with the offset stays empty, so that a commit to it is accepted.
  return withConsumer({ ...options, group: `${group}-${randomUUID()}` }, async (reader) => {
    const stream = await reader.consume({
      ...{ topics: [parked], mode: 'manual', autocommit: false, maxWaitTime: 250 },
      offsets: [{ topic: parked, partition, offset: begin }],
    })
    for await (const message of stream) {
      letters.push(letterOf(message))
      if (letters.length === count || message.offset + 1n >= end) break
    }
    return letters
  })
}

/** The committed offset, or that of the oldest existing record. */
const beginOf = async (consumer: StringConsumer, parked: string): Promise<bigint> => {
  const wanted = { topics: [{ topic: parked, partitions: [partition] }] }
  const [committed = -1n] = (await consumer.listCommittedOffsets(wanted)).get(parked) ?? []
  const earliest = { topics: [parked], timestamp: -2n }
  const [oldest = 0n] = (await consumer.listOffsets(earliest)).get(parked) ?? []
  return committed > oldest ? committed : oldest
}

const letterOf = ({ offset, key, value, headers }: Message<string, string, string, string>) => {
  const {
    'dead-letter-from': from = '',
    'dead-letter-reason': reason = '',
    ...own
  } = Object.fromEntries(headers)
  return { offset, from, reason, key, value, headers: own }
}

const replayed = ({ key, value, headers }: DeadLetter, topic: string) => ({
  ...{ topic, key, value, headers },
})

const advance = async (
  consumer: StringConsumer,
  options: Options,
  letters: readonly DeadLetter[],
): Promise<void> => {
  const last = letters.at(-1)
  if (last === undefined) return
  const offset = { topic: parkedOf(options), partition, offset: last.offset + 1n }
  await consumer.commit({ offsets: [{ ...offset, leaderEpoch: 0 }] })
}
