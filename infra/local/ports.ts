import { createServer, type Server } from 'node:net'
import { metricsPortOffset } from '@flash-deal/config'
import { freePort } from '@flash-deal/testing/free-port'
import { codeOf, PlainError } from './plain-error.ts'

export type WantedPort = { port: number; host: string; setting: string; use: string }

/** Checks before the start that every port can be opened; one error message per port. */
export const checkPorts = async (wanted: readonly WantedPort[]): Promise<void> => {
  refuse(wanted.flatMap(clashOf))
  refuse((await Promise.all(wanted.map(problemOf))).filter((each) => each !== undefined))
}

const refuse = (sentences: readonly string[]): void => {
  if (sentences.length > 0) throw new PlainError([...new Set(sentences)].join('\n'))
}

const clashOf = ({ port, setting, use }: WantedPort, index: number, all: readonly WantedPort[]) => {
  const other = all.slice(0, index).find((each) => each.port === port)
  return other
    ? [
        `Port ${port} is set for both ${other.use} (${other.setting}) and ${use} (${setting}). Set one of them to another port.`,
      ]
    : []
}

const problemOf = async (wanted: WantedPort): Promise<string | undefined> => {
  try {
    await close(await listen(wanted.port, wanted.host))
    return undefined
  } catch (error) {
    return sentenceFor(wanted, codeOf(error))
  }
}

const sentenceFor = ({ port, host, setting, use }: WantedPort, code: string): string => {
  const which = use.endsWith('metrics') ? `${use}, ${setting} + 1000` : setting
  if (code === 'EADDRINUSE') {
    return `Port ${port} (${which}) is taken by another program. Stop it, or set ${setting} to a free one.`
  }
  if (code === 'EACCES')
    return `Port ${port} (${which}) may not be opened by this user. Set ${setting} to one above 1023.`
  return `The address ${host} (HOST) cannot be listened on (${code}). Set HOST to one of this machine, such as 127.0.0.1.`
}

/** Several ports like `freePort`, with no port that is the metrics port of another. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = await freePort()
    const clashes = ports.has(port - metricsPortOffset) || ports.has(port + metricsPortOffset)
    if (!clashes) ports.add(port)
  }
  return [...ports]
}

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => resolve(server))
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()))
