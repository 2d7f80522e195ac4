import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * Limits how many test files run at the same time over all processes that run some, as GNU make's
 * jobserver does for jobs. A connection first sends `1` if its file is slow, else `0`, and holds a
 * slot from the byte that it is sent until it closes.
 */

export type Slots = {
  /**
   * Resolves to the function that gives the slot back, as soon as one is free. Slow files are served
   * first, so that none of them is left alone at the end.
   */
  take(isSlow: boolean): Promise<() => void>
}

/** Starts the server. Processes that are told its port share its slots. */
export const serveSlots = async (count: number): Promise<{ port: number; close(): void }> => {
  const slow: Socket[] = []
  const quick: Socket[] = []
  let free = count
  const serve = (): void => {
    while (free > 0) {
      const next = slow.shift() ?? quick.shift()
      if (next === undefined) return
      if (next.destroyed) continue
      free -= 1
      next.on('close', () => {
        free += 1
        serve()
      })
      next.write('.')
    }
  }
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const waiting = String(data) === '1' ? slow : quick
      waiting.push(socket)
      serve()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => void server.close() }
}

/** The slots that are served at a port of this machine. */
export const slotsAt = (port: number): Slots => ({
  take: async (isSlow) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(isSlow ? '1' : '0')
    await once(socket, 'data')
    return () => void socket.destroy()
  },
})
