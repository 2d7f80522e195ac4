import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * Limits the number of test files that run concurrently across processes, like GNU make's jobserver. A
 * connection sends the number of slots it needs: `2` for a slow file, otherwise `1`. It holds them from
 * the server's reply until it closes.
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
 * Starts the server. Processes that connect to its port share its slots.
 *
 * @param count at least 2
 */
export const serveSlots = async (count: number): Promise<{ port: number; close(): void }> => {
  const slow: Socket[] = []
  const quick: Socket[] = []
  let free = count
  let slowRunning = 0
  // A quick file overtakes a slow one only beside another slow one, whose two slots the next takes.
  const nextQueue = (): Socket[] =>
    slow.length > 0 && (free >= 2 || slowRunning === 0) ? slow : quick
  const serve = (): void => {
    for (;;) {
      const waiting = nextQueue()
      const wanted = waiting === slow ? 2 : 1
      if (waiting.length === 0 || wanted > free) return
      const next = waiting.shift()
      if (next === undefined || next.destroyed) continue
      free -= wanted
      if (wanted === 2) slowRunning += 1
      next.on('close', () => {
        free += wanted
        if (wanted === 2) slowRunning -= 1
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

/** A client of the slot server on a local port. */
export const slotsAt = (port: number): Slots => ({
  take: async (isSlow) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(isSlow ? '2' : '1')
    await once(socket, 'data')
    return () => void socket.destroy()
  },
})
