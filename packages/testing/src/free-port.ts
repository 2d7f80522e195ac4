import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { metricsPortOffset } from '@flash-deal/config'

/**
 * A free port of 127.0.0.1 whose metrics port is free, too. Both are below 32,768: higher ports are
 * ephemeral, so an outgoing connection could take one before it is used.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(15_000, 30_000)
    if ((await isFree(port)) && (await isFree(port + metricsPortOffset))) return port
  }
}

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
