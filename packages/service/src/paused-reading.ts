import type { Socket } from 'node:net'

type Reason = 'pipelined' | 'unread'

const reasons = new WeakMap<Socket, Set<Reason>>()

/** Stops reading from a client, until `resumeReading` has been called for every reason. */
export const pauseReading = (socket: Socket, reason: Reason): void => {
  const own = reasons.get(socket) ?? new Set()
  reasons.set(socket, own.add(reason))
  socket.pause()
}

/** Does nothing if reading is not paused for this reason. */
export const resumeReading = (socket: Socket, reason: Reason): void => {
  const own = reasons.get(socket)
  if (own?.delete(reason) && own.size === 0) socket.resume()
}
