import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from '@flash-deal/testing'
import { someToken } from './gateway-alone.ts'

/** Sockets that send the bytes of a test and read no response. */
export const rawClients = (t: Test, url: string) => {
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  const open = async (bytes: string): Promise<Socket> => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
    sockets.push(socket.on('error', () => {}).pause())
    await once(socket, 'connect')
    socket.write(bytes)
    return socket
  }
  return {
    open,
    many: (count: number, bytes: string): Promise<Socket[]> =>
      Promise.all(Array.from({ length: count }, () => open(bytes))),
  }
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`

export const post = (path: string, body: string): string =>
  [
    `POST ${path} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${someToken}\r\n`,
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ].join('')

/** The complete response to these bytes; waits at most three seconds for its end. */
export const rawAnswer = async (url: string, bytes: string): Promise<string> => {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
  const parts: Buffer[] = []
  socket.on('error', () => {}).on('data', (part: Buffer) => parts.push(part))
  const closed = once(socket, 'close')
  socket.write(Buffer.from(bytes, 'latin1'))
  await Promise.race([closed, sleep(3_000, undefined, { ref: false })])
  socket.destroy()
  return Buffer.concat(parts).toString()
}
