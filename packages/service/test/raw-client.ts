import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Closing } from './app-with.ts'

/** Clients that are plain sockets, connected to a listening app. */
export const rawClients = async (t: Closing, app: FastifyInstance) => {
  const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
  const open: Socket[] = []
  // Runs before the app closes, because closing waits for requests in progress.
  t.teardown(() => {
    for (const socket of open) socket.destroy()
  })
  /** A connection with both ends; responses are read only on request. */
  return async (localAddress = '127.0.0.1'): Promise<{ client: Socket; server: Socket }> => {
    const accepted: Promise<Socket[]> = once(app.server, 'connection')
    const client = connect({ host: '127.0.0.1', port, localAddress }).on('error', () => {})
    open.push(client)
    const [[server]] = await Promise.all([accepted, once(client, 'connect')])
    if (server === undefined) throw new Error('There is no connection.')
    return { client, server }
  }
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`

/** Reads until the received data contain a text this many times. */
export const readUntil = async (socket: Socket, text: string, times = 1): Promise<string> => {
  let received = ''
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    received += part
    if (received.split(text).length > times) break
  }
  return received
}

export const isClosed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket, 'close')
}
