import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Raw requests: a client library would refuse to send most of them. */

export type Wire = {
  method: string
  path: string
  headers?: readonly (readonly [name: string, value: string])[]
  body?: string | Uint8Array
}

export type Reply = {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** The bytes of a request. Host and content-length are added unless they are given. */
export const bytesOf = ({ method, path, headers = [], body }: Wire): Buffer => {
  const content = Buffer.from(body ?? '')
  const has = (name: string): boolean => headers.some(([each]) => each.toLowerCase() === name)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(has('host') ? [] : ['Host: shop']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || has('content-length') || has('transfer-encoding')
      ? []
      : [`Content-Length: ${content.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}

const answerWithinMs = 15_000

/**
 * Sends bytes on a new connection, and reads one response.
 *
 * @returns undefined if the connection ends without one
 */
export const exchange = async (port: number, bytes: Uint8Array): Promise<Reply | undefined> => {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => {}).setTimeout(answerWithinMs, () => socket.destroy())
  try {
    await once(socket, 'connect')
    socket.write(bytes)
    return await responseFrom(socket, bytes.subarray(0, 5).toString())
  } finally {
    socket.destroy()
  }
}

const responseFrom = async (socket: Socket, start: string): Promise<Reply | undefined> => {
  let received = Buffer.alloc(0)
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    received = Buffer.concat([received, part])
    const reply = parsed(received, start)
    if (reply) return reply
  }
  return undefined
}

/** Undefined while a part of the response is missing. */
const parsed = (received: Buffer, start: string): Reply | undefined => {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [line = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(line.split(' ')[1])
  if (status === 100) return parsed(received.subarray(end + 4), start)
  const headers = Object.fromEntries(
    lines.map((each) => {
      const colon = each.indexOf(':')
      return [each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim()]
    }),
  )
  const length = start.startsWith('HEAD') ? 0 : Number(headers['content-length'] ?? 0)
  const body = received.subarray(end + 4)
  return body.length < length ? undefined : { status, headers, body: body.toString() }
}
