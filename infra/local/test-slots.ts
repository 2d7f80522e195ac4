import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * Limits how many test files run at the same time over all processes that run some, as GNU make's
 * jobserver does for jobs. A connection first sends `2` if its file is slow, else `1`: so many slots
 * it holds from the byte that it is sent until it closes.
 */

export type Slots = {
  /**
   * Resolves to the function that gives back what was taken, as soon as it is free. A slow file takes
   * two slots, because it starts many processes, and is served first, so that none is left alone at
   * the end.
   */
  take(isSlow: boolean): Promise<() => void>
}

/**
 * Starts the server. Processes that are told its port share its slots.
 *
 * @param count from 2
 */
export const serveSlots = async (count: number): Promise<{ port: number; close(): void }> => {
  const slow: Socket[] = []
  const quick: Socket[] = []
  let free = count
  const serve = (): void => {
    for (;;) {
      const waiting = slow.length > 0 ? slow : quick
      const wanted = waiting === slow ? 2 : 1
      // A quick file does not overtake a slow one that waits for its second slot.
      if (waiting.length === 0 || wanted > free) return
      const next = waiting.shift()
      if (next === undefined || next.destroyed) continue
      free -= wanted
      next.on('close', () => {
        free += wanted
        serve()
      })
      next.write('.')
    }
  }
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const waiting = String(data) === '2' ? slow : quick
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
    socket.write(isSlow ? '2' : '1')
    await once(socket, 'data')
    return () => void socket.destroy()
  },
})
