import { fastify } from 'fastify'

/** The unit of every cost: a Fastify route that returns 300 bytes of JSON. `node bare.ts <port>` */

const body = JSON.stringify({ filler: 'x'.repeat(287) })

const app = fastify()
app.get('/', (_request, reply) => {
  reply.type('application/json; charset=utf-8').send(body)
})
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
process.on('SIGTERM', () => process.exit(0))
