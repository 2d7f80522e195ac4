import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:net'
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

/**
 * Finds free ports whose metrics ports are free, too. All are below 32,768: higher ports are
 * ephemeral, so an outgoing connection could take one before it is used.
 */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(15_000, 30_000)
    const clashes = ports.has(port - 1_000) || ports.has(port + 1_000)
    if (!clashes && (await isFree(port)) && (await isFree(port + 1_000))) ports.add(port)
  }
  return [...ports]
}

const isFree = (port: number): Promise<boolean> =>
  listen(port, '127.0.0.1').then(
    (server) => close(server).then(() => true),
    () => false,
  )

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => resolve(server))
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()))
