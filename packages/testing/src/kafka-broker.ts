import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A small local Kafka: one broker in KRaft mode, which is its own controller. */

/** Java, and the folder with the jars of Kafka. */
export type KafkaProgram = { java: string; folder: string }

const run = promisify(execFile)

export type DataOptions = {
  program: KafkaProgram
  /** The folder of the broker, for its configuration, data and log. */
  folder: string
  port: number
  controllerPort: number
}

/** Writes the configuration, and formats the data folder of a first start. Returns the file's path. */
export const prepareData = async (options: DataOptions): Promise<string> => {
  const { program, folder } = options
  mkdirSync(folder, { recursive: true })
  const properties = join(folder, 'server.properties')
  writeFileSync(properties, propertiesOf(options))
  const data = join(folder, 'data')
  if (!existsSync(join(data, 'meta.properties'))) await format(program, data)
  return properties
}

/** Formatting takes 3 s and does not depend on ports or paths, so a folder is formatted once and copied. */
const format = async ({ java, folder }: KafkaProgram, data: string): Promise<void> => {
  const formatted = join(folder, 'formatted')
  if (!existsSync(join(formatted, 'meta.properties'))) {
    mkdirSync(formatted, { recursive: true })
    const properties = join(folder, `format-${process.pid}.properties`)
    writeFileSync(properties, commonProperties(formatted, 1, 2).join('\n'))
    const tool = ['kafka.tools.StorageTool', 'format', '--ignore-formatted']
    const args = [...javaOptions, ...classPath(folder), ...tool, '-t', clusterId, '-c', properties]
    await run(java, args)
  }
  await cp(formatted, data, { recursive: true })
}

const clusterId = 'Rmxhc2hEZWFsTG9jYWxLQQ'

/** For a small heap and a fast start. For short runs the C2 compiler costs more than it saves. */
const javaOptions = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const logOptions = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']

const classPath = (folder: string): string[] => ['-cp', join(folder, '*')]

export const brokerArguments = (folder: string, properties: string): string[] => [
  ...[...javaOptions, ...logOptions, ...classPath(folder)],
  ...['kafka.Kafka', properties],
]

const propertiesOf = ({ folder, port, controllerPort }: DataOptions): string =>
  commonProperties(join(folder, 'data'), port, controllerPort).join('\n')

const commonProperties = (data: string, port: number, controllerPort: number): string[] => [
  'process.roles=broker,controller',
  'node.id=1',
  `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
  `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
  'controller.listener.names=CONTROLLER',
  'inter.broker.listener.name=PLAINTEXT',
  `log.dirs=${data}`,
  // The services create their topics, with their partitions.
  'auto.create.topics.enable=false',
  ...['offsets.topic.replication.factor=1', 'offsets.topic.num.partitions=1'],
  ...['transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1'],
  'transaction.state.log.num.partitions=1',
  'group.initial.rebalance.delay.ms=0',
  'group.min.session.timeout.ms=1000',
  'controlled.shutdown.enable=false',
  // A broker that was killed cannot register again before its session has ended, after 9 s by default.
  ...['broker.session.timeout.ms=4000', 'broker.heartbeat.interval.ms=1000'],
  ...['num.network.threads=2', 'num.io.threads=2', 'background.threads=2'],
  ...['log.retention.hours=24', 'log.segment.bytes=67108864', 'log.cleaner.enable=false'],
  '',
]

/** Whether the port accepts connections. The broker opens it when it is ready for requests. */
export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const finish = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => finish(true))
    socket.on('error', () => finish(false))
  })
