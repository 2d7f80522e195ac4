import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'
import { freePort } from './free-port.ts'
import { accepts, brokerArguments, prepareData } from './kafka-broker.ts'
import { servers } from './servers.ts'

/** A Kafka broker of a test file. */
export type OwnKafka = {
  /** The value for KAFKA_BROKERS. */
  brokers: string
  /** Suspends the process until `resume`. Connections stay open. */
  pause(): void
  resume(): void
  /** Kills the process. */
  kill(): Promise<void>
  /** Starts it with the data that it had. */
  restart(): Promise<void>
}

/** @throws Error if Java or the jars are missing: see `servers().kafka` */
export const ownKafka = async (t: Test): Promise<OwnKafka> => {
  const { kafka: program } = servers()
  if (program === undefined) throw new Error('There is no Kafka to start.')
  const folder = mkdtempSync(join(tmpdir(), 'own-kafka-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  const properties = await prepareData({ program, folder, port, controllerPort })
  const log = join(folder, 'kafka.log')
  const start = async () => {
    const args = brokerArguments(program.folder, properties)
    const output = openSync(log, 'a')
    const child = spawn(program.java, args, { stdio: ['ignore', output, output] })
    await answering(port, log)
    return child
  }
  let running = await start()
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }
  t.teardown(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    brokers: `127.0.0.1:${port}`,
    pause: () => running.kill('SIGSTOP'),
    resume: () => running.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      running = await start()
    },
  }
}

const answering = async (port: number, log: string): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await accepts(port))) {
    if (performance.now() > deadline) {
      const lines = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')
      throw new Error(`Kafka did not start on port ${port}:\n${lines}`)
    }
    await pause(50)
  }
}
