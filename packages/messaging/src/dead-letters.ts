import { randomUUID } from 'node:crypto'
import { Consumer, type Message } from '@platformatic/kafka'
import { AppendLog } from './append-log.ts'
import { clientOptions, stringDeserializers } from './client-options.ts'
import { type Cluster, deadLettersOf } from './topics.ts'

/** Parked records of a topic: a queue, of which a committed offset says where it begins. */

export type DeadLetter = {
  /** Its place in the queue. */
  offset: bigint
  /** Topic, partition and offset where it was met. */
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

/** Those that were neither replayed nor dropped, the oldest first, at most `count`. */
export const listDeadLetters = (options: Options, count: number): Promise<DeadLetter[]> =>
  withConsumer(options, (consumer) => read(consumer, options, count))

/**
 * Appends the oldest ones to their topic again, at most `count`, and takes them off the queue. A crash
 * between the two repeats them, which their consumers know from their ids.
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

/** Takes the oldest ones off the queue, at most `count`. They stay in the topic for its retention. */
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
  // Kafka's way to commit for a group without members; with null, the broker closes the connection.
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
  // A group of its own: the one that has the offset stays empty, so that anybody may commit to it.
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

/** What was committed, or the oldest record that there still is. */
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
