import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'
import { freePort } from './free-port.ts'
import { accepts, brokerArguments, prepareData } from './kafka-broker.ts'
import { type OwnProcess, ownProcess } from './own-process.ts'
import { servers } from './servers.ts'

/** A Kafka broker of a test file. It keeps its data when it restarts. */
export type OwnKafka = OwnProcess & {
  /** The value for KAFKA_BROKERS. */
  brokers: string
}

/** @throws Error if Java or the jars are missing: see `servers().kafka` */
export const ownKafka = async (t: Test): Promise<OwnKafka> => {
  const { kafka: program } = servers()
  if (program === undefined) throw new Error('Kafka is not installed.')
  const [port, controllerPort] = [await freePort(), await freePort()]
  const broker = await ownProcess(t, 'kafka', async (folder) => {
    const properties = await prepareData({ program, folder, port, controllerPort })
    const log = join(folder, 'kafka.log')
    const output = openSync(log, 'a')
    const args = brokerArguments(program.folder, properties)
    const child = spawn(program.java, args, { stdio: ['ignore', output, output] })
    await acceptsConnections(port, log)
    return child
  })
  return { brokers: `127.0.0.1:${port}`, ...broker }
}

const acceptsConnections = async (port: number, log: string): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await accepts(port))) {
    if (performance.now() > deadline) {
      const lines = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')
      throw new Error(`Kafka did not start on port ${port}:\n${lines}`)
    }
    await pause(50)
  }
}
