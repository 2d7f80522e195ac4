import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A way to a server that can be cut and mended; while it is cut, connections are refused. */
export const cuttable = async (t: Test, target: string) => {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((socket) => {
    const onward = connect(Number(port), hostname)
    for (const each of [socket, onward]) open.add(each.on('error', () => {}))
    if (isCut) return end(open)
    socket.pipe(onward).pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.close()
    end(open)
  })
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  const cut = (): void => {
    isCut = true
    end(open)
  }
  const mend = (): void => {
    isCut = false
  }
  return { url: url.href, cut, mend }
}

const end = (sockets: Set<Socket>): void => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
}
