import { connect, type Socket } from 'node:net'

/** One POST after another on a few hundred connections, as cheap for this process as can be. */
export type HttpLoad = {
  /** Sends one now; false where all connections are under way. */
  send(body: string, headers: string): boolean
  /** Answers that have not come yet. */
  underWay(): number
  close(): void
}

/** @param status of the answer; 0 where the connection broke */
export type OnAnswer = (status: number, tookMs: number) => void

type Wire = { socket: Socket; sentAt: number; heard: string }

export const openLoad = (
  {
    host,
    port,
    path,
    connections,
  }: Record<'host' | 'path', string> & Record<'port' | 'connections', number>,
  onAnswer: OnAnswer,
): HttpLoad => {
  const free: Wire[] = []
  const all = new Set<Wire>()
  const heard = (wire: Wire, data: string): void => {
    wire.heard += data
    const status = statusIn(wire.heard)
    if (status === undefined) return
    wire.heard = ''
    onAnswer(status, performance.now() - wire.sentAt)
    free.push(wire)
  }
  const open = (): Wire => {
    const wire = { socket: connect(port, host), sentAt: 0, heard: '' }
    wire.socket.setNoDelay(true).setEncoding('latin1')
    wire.socket.on('data', (data) => heard(wire, String(data)))
    wire.socket.on('error', () => {})
    wire.socket.on('close', () => {
      if (!all.delete(wire)) return
      const place = free.indexOf(wire)
      if (place >= 0) free.splice(place, 1)
      else onAnswer(0, performance.now() - wire.sentAt)
    })
    all.add(wire)
    return wire
  }
  return {
    send(body, headers) {
      const wire = free.pop() ?? (all.size < connections ? open() : undefined)
      if (!wire) return false
      wire.sentAt = performance.now()
      wire.socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`,
      )
      return true
    },
    underWay: () => all.size - free.length,
    close() {
      const wires = [...all]
      all.clear()
      for (const { socket } of wires) socket.destroy()
    },
  }
}

/** Undefined while the answer is not whole; our services always say how long it is. */
const statusIn = (answer: string): number | undefined => {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1] ?? 0)
  return answer.length >= head + 4 + length ? Number(answer.slice(9, 12)) : undefined
}
