import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export type CountLimits = {
  /** Maximum number of connections of all clients. */
  max: number
  /** Maximum number of connections from one address. */
  perAddress: number
  /** Whether an address is exempt from the limit per address. */
  isExempt: (address: string) => boolean
  /** Called for each connection that is closed because of a limit. */
  onClose: (reason: 'address' | 'total') => void
}

/** Closes new connections beyond the total limit or the limit per address. */
export const limitConnections = (server: Server, limits: CountLimits): void => {
  const open = new Map<string, number>()
  server.maxConnections = limits.max
  server.on('drop', () => limits.onClose('total'))
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket
    if (limits.isExempt(address)) return
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.once('close', () => leave(open, address))
    if (count <= limits.perAddress) return
    limits.onClose('address')
    socket.destroy()
  })
}

const leave = (open: Map<string, number>, address: string): void => {
  const count = (open.get(address) ?? 0) - 1
  if (count > 0) open.set(address, count)
  else open.delete(address)
}
