import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

/** A proxy before the gateway that changes the responses of one operation. */

/** The headers are those of `passedBack`. */
export type ProxiedResponse = { status: number; body: string; headers?: Record<string, string> }

export type Corruption = {
  /** Method and beginning of the path: `POST /orders`. */
  operation: string
  /** Changes the real response. */
  corrupt: (response: ProxiedResponse) => ProxiedResponse
  /** How long it is held back. */
  delayMs?: number
}

/** @returns its address, and its end */
export const startCorruptingProxy = async (target: string, corruption: Corruption) => {
  const { operation, corrupt, delayMs = 0 } = corruption
  const server = createServer(async (request, response) => {
    const isChosen = `${request.method} ${request.url}`.startsWith(operation)
    const real = await forward(target, request)
    if (isChosen) await pause(delayMs)
    const { status, body, headers = {} } = isChosen ? corrupt(real) : real
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    end: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const passedBack = ['location', 'retry-after']
const passedOn = ['authorization', 'content-type', 'idempotency-key']

const forward = async (target: string, request: IncomingMessage): Promise<ProxiedResponse> => {
  const headers = passedOn.flatMap((name): [string, string][] => {
    const value = request.headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  const { method = 'GET', url } = request
  const body = await text(request)
  const response = await fetch(target + url, { method, headers, ...(body && { body }) })
  const back = passedBack.flatMap((name): [string, string][] => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return {
    status: response.status,
    body: await response.text(),
    headers: Object.fromEntries(back),
  }
}
