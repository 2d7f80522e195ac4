import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { roundRobin } from '@flash-deal/service'

/** A minimal HTTP/1.1 client: POST requests on a few hundred kept connections, with little CPU. */
export type HttpLoad = {
  /**
   * Opens all connections before the measurement and sends a request on each, because a service
   * closes a connection whose first request does not arrive in time.
   */
  connect(): Promise<void>
  /** Sends a request; false if every connection is in use. */
  send(request: LoadRequest): boolean
  /** Requests without a response so far. */
  inFlight(): number
  close(): void
}

export type LoadRequest = {
  body: string
  headers: string
  /** How many times a request that gets 503 is sent again, at once. */
  retries: number
}

export type LoadListener = {
  /** Called for the last response to a request: its status, or 0 if the connection failed. */
  onResponse(status: number): void
  /** Called when a request is sent again. */
  onRetry(): void
}

type Connection = {
  socket: Socket
  /** The request in progress. */
  request: string | undefined
  retries: number
  received: string
}

export type LoadOptions = {
  host: string
  port: number
  path: string
  /** The addresses of the clients. */
  from: readonly string[]
  /** The number of connections from each of them. */
  connections: number
}

export const openLoad = (
  { host, port, path, from, connections: fromEach }: LoadOptions,
  { onResponse, onRetry }: LoadListener,
): HttpLoad => {
  const connections = from.length * fromEach
  const nextAddress = roundRobin(from)
  const free: Connection[] = []
  const all = new Set<Connection>()
  const receive = (connection: Connection, data: string): void => {
    // The response of /health, or a 408 before the connection is closed.
    if (connection.request === undefined) return
    connection.received += data
    const status = statusIn(connection.received)
    if (status === undefined) return
    connection.received = ''
    if (status === 503 && connection.retries > 0) sendAgain(connection, connection.request)
    else finish(connection, status)
  }
  const sendAgain = (connection: Connection, request: string): void => {
    connection.retries -= 1
    connection.socket.write(request)
    onRetry()
  }
  const finish = (connection: Connection, status: number): void => {
    connection.request = undefined
    free.push(connection)
    onResponse(status)
  }
  const open = (): Connection => {
    const socket = connect({ port, host, localAddress: nextAddress() })
    const connection: Connection = { socket, request: undefined, retries: 0, received: '' }
    connection.socket.setNoDelay(true).setEncoding('latin1')
    connection.socket.on('data', (data) => receive(connection, String(data)))
    connection.socket.on('error', () => {})
    connection.socket.on('close', () => {
      if (!all.delete(connection)) return
      const index = free.indexOf(connection)
      if (index >= 0) free.splice(index, 1)
      else onResponse(0)
    })
    all.add(connection)
    return connection
  }
  return {
    async connect() {
      while (all.size < connections) {
        const connection = open()
        connection.socket.write(`GET /health HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
        await once(connection.socket, 'data')
        free.push(connection)
      }
    },
    send({ body, headers, retries }) {
      // The connection that was idle for longest, because a service closes idle connections.
      const connection = free.shift() ?? (all.size < connections ? open() : undefined)
      if (!connection) return false
      connection.request = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`
      connection.retries = retries
      connection.socket.write(connection.request)
      return true
    },
    inFlight: () => all.size - free.length,
    close() {
      const open = [...all]
      all.clear()
      for (const { socket } of open) socket.destroy()
    },
  }
}

/** Undefined until the response is complete. The services always send content-length. */
const statusIn = (response: string): number | undefined => {
  const head = response.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(response)?.[1] ?? 0)
  return response.length >= head + 4 + length ? Number(response.slice(9, 12)) : undefined
}
