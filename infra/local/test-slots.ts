import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { cpus } from 'node:os'

/**
 * Limits the number of test files that run concurrently across processes, like GNU make's jobserver. A
 * connection sends the number of slots it needs: `2` for a slow file, otherwise `1`. It holds them from
 * the server's reply until it closes.
 */

export type Slots = {
  /**
   * Waits for free slots, and resolves to the function that releases them. A slow file takes two slots,
   * because it starts many processes. Slow files are served first, so that none runs alone at the end.
   */
  take(isSlow: boolean): Promise<() => void>
}

export type SlotOptions = {
  /** At least 2. */
  count: number
  /** The maximum number of additional files that run while the machine is partly idle. Default: none. */
  moreWhenIdle?: number
}

/** Starts the server. Processes that connect to its port share its slots. */
export const serveSlots = async ({
  count,
  moreWhenIdle = 0,
}: SlotOptions): Promise<{ port: number; close(): void }> => {
  const slow: Socket[] = []
  const quick: Socket[] = []
  let free = count
  let slowRunning = 0
  // A quick file overtakes a slow one only while another slow file runs. When that one ends, the
  // waiting slow file takes its two slots.
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
  const idleShare = idleShares()
  let more = 0
  const adapt = setInterval(() => {
    const change = changeOf(idleShare())
    if (more + change < 0 || more + change > moreWhenIdle) return
    more += change
    free += change
    serve()
  }, adaptEveryMs)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = (): void => {
    clearInterval(adapt)
    server.close()
  }
  return { port, close }
}

const adaptEveryMs = 1_000

/** One slot more while files wait for something but the CPU, one less when there is no CPU left. */
const changeOf = (idleShare: number): number => {
  if (idleShare > 0.1) return 1
  return idleShare < 0.03 ? -1 : 0
}

/** @returns a function that returns the idle share of all cores since its last call */
const idleShares = (): (() => number) => {
  const read = (): [idle: number, all: number] => {
    const times = cpus().map((cpu) => cpu.times)
    const all = times.reduce(
      (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
      0,
    )
    return [times.reduce((sum, { idle }) => sum + idle, 0), all]
  }
  let before = read()
  return () => {
    const now = read()
    const share = (now[0] - before[0]) / Math.max(1, now[1] - before[1])
    before = now
    return share
  }
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
