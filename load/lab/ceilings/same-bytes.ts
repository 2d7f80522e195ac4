import { fastify } from 'fastify'

/**
 * L, the ceiling: the cheapest program that sends the same responses. `node same-bytes.ts <port> <origin>
 * <path>…` requests each path from the origin once, and then responds from memory.
 */

const [port = '', origin = '', ...paths] = process.argv.slice(2)

const bodies = new Map<string, Buffer>()
for (const path of paths) {
  const response = await fetch(origin + path)
  bodies.set(path, Buffer.from(await response.arrayBuffer()))
}

const app = fastify()
app.get('/*', (request, reply) => {
  reply.type('application/json; charset=utf-8').send(bodies.get(request.url))
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.stdout.write('listening\n')
process.on('SIGTERM', () => process.exit(0))
