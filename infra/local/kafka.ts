import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Environment } from '@flash-deal/config'
import {
  accepts,
  brokerArguments,
  type KafkaProgram,
  prepareData,
} from '@flash-deal/testing/kafka-broker'
import { bareEnvironment } from './child-environment.ts'
import { programOnPath } from './find-tool.ts'
import jars from './kafka-jars.json' with { type: 'json' }
import { fetchJars } from './maven-jars.ts'
import { PlainError } from './plain-error.ts'
import type { Supervisor } from './supervisor.ts'

/** Kafka as one broker in KRaft mode, which is its own controller. */

const name = 'kafka-4.1.1'
const javaMin = 17

export type FoundKafka = KafkaProgram | { reason: string }

type Search = { tools: string; abort?: AbortSignal }

const run = promisify(execFile)

/** Java 17 or newer on PATH, and the jars, which Maven downloads once. Never rejects. */
export const findKafka = async (
  env: Environment,
  { tools, abort }: Search,
): Promise<FoundKafka> => {
  const java = programOnPath('java', env)
  if (java === undefined) return { reason: `Java ${javaMin} is missing` }
  try {
    await checkVersion(java)
    const folder = await fetchJars(name, jars, { tools, env, ...(abort && { abort }) })
    return { java, folder }
  } catch (error) {
    return { reason: (error as Error).message }
  }
}

const checkVersion = async (java: string): Promise<void> => {
  // It prints its version to standard error.
  const { stderr } = await run(java, ['-version'], { env: bareEnvironment })
  const version = Number(/version "(\d+)/.exec(stderr)?.[1])
  if (version >= javaMin) return
  throw new PlainError(`Java ${javaMin} or newer is needed, and ${java} is ${version || 'none'}`)
}

/** How to provide a broker, for the error message of a scenario that needs one. */
export const waysToKafka =
  'Set KAFKA_BROKERS, or have Java 17 and Maven (apt-get install maven) and a network.'

type Start = {
  supervisor: Supervisor
  program: KafkaProgram
  folder: string
  port: number
  controllerPort: number
}

/**
 * Starts a broker on the loopback address, with its data in `folder`.
 *
 * @returns the value for KAFKA_BROKERS
 * @throws PlainError if it does not start
 */
export const startKafka = async (start: Start): Promise<string> => {
  const { supervisor, program, folder, port } = start
  const properties = await prepareData(start)
  const log = join(folder, 'kafka.log')
  supervisor.start({
    name: 'kafka',
    kind: 'broker',
    command: program.java,
    args: brokerArguments(program.folder, properties),
    cwd: folder,
    env: bareEnvironment,
    output: { file: log },
  })
  await listening(start, log)
  return `127.0.0.1:${port}`
}

const withinMs = 60_000

const listening = async (
  { supervisor, port }: Pick<Start, 'supervisor' | 'port'>,
  log: string,
): Promise<void> => {
  const deadline = Date.now() + withinMs
  while (!(await accepts(port))) {
    if (supervisor.pid('kafka') === undefined || Date.now() > deadline) {
      throw new PlainError(`Kafka did not start on port ${port} (KAFKA_PORT). See its log: ${log}.`)
    }
    await sleep(50)
  }
}
