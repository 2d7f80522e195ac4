import { once } from 'node:events'
import { connect } from 'node:net'
import { codeOf, PlainError } from './plain-error.ts'

/** A server of the user, and the setting with its address. */
export type Wanted = { what: string; setting: string; url: string; defaultPort: number }

const withinMs = 2_000

/** @throws PlainError if the address does not accept a connection in time */
export const checkReachable = async ({
  what,
  setting,
  url,
  defaultPort,
}: Wanted): Promise<void> => {
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket = connect({ host, port: Number(port) || defaultPort })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(withinMs) })
  } catch (error) {
    const place = `${hostname}:${port || defaultPort}`
    throw new PlainError(
      `No ${what} answers at ${place} (${codeOf(error)}). Start it, or correct ${setting}.`,
    )
  } finally {
    socket.destroy()
  }
}
