import './env-file.ts'
import { parseArgs } from 'node:util'
import { readSettings } from '@flash-deal/config'
import { topics } from '@flash-deal/contracts/events'
import {
  type DeadLetter,
  dropDeadLetters,
  listDeadLetters,
  replayDeadLetters,
} from '@flash-deal/messaging/dead-letters'
import { PlainError, sentenceOf } from './plain-error.ts'

/** `npm run dead-letters`: the records of Kafka that consumers could not process. */

const usage = `Usage: npm run dead-letters -- list|replay|drop [--topic TOPIC] [--count 100]
  list     prints the parked records, the oldest first
  replay   appends the oldest ones to their topic again
  drop     removes the oldest ones from the list
The broker is KAFKA_BROKERS, or the one that make run has started; KAFKA_PREFIX as for the services. Topics: ${Object.keys(topics).join(', ')}`

type Place = Parameters<typeof listDeadLetters>[0]

const commands: Readonly<
  Record<string, (place: Place, count: number) => Promise<readonly DeadLetter[]>>
> = { list: listDeadLetters, replay: replayDeadLetters, drop: dropDeadLetters }

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { topic: { type: 'string' }, count: { type: 'string', default: '100' } },
  })
  const [name = ''] = positionals
  const command = commands[name]
  const count = Number(values.count)
  const wanted = values.topic === undefined ? Object.keys(topics) : [values.topic]
  const isKnown = wanted.every((topic) => Object.hasOwn(topics, topic))
  if (command === undefined || !isKnown || !Number.isInteger(count) || count < 1) {
    throw new PlainError(usage)
  }
  for (const topic of wanted) {
    const letters = await command({ ...cluster(), topic }, count)
    for (const letter of letters) console.log(lineOf(letter))
    console.log(`${topic}: ${name} of ${letters.length}`)
  }
}

const cluster = () => {
  const { KAFKA_BROKERS, KAFKA_PORT, KAFKA_PREFIX: prefix } = readSettings('local')
  return { brokers: KAFKA_BROKERS.length > 0 ? KAFKA_BROKERS : [`127.0.0.1:${KAFKA_PORT}`], prefix }
}

const lineOf = ({ from, reason, key, value }: DeadLetter): string =>
  `${from} key ${key}: ${reason} ${value.slice(0, 200)}`

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
