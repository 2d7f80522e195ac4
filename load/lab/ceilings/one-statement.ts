import { environment } from '@flash-deal/config'
import { type FastifyRequest, fastify } from 'fastify'
import postgres from 'postgres'
import { statementOf } from '../counted/statement.ts'

/**
 * L for a list from the database: `node one-statement.ts <port> <origin>` reads a page of orders with
 * their items from PostgreSQL, as E4's `optimized` does, discards the rows, and sends the bytes that
 * the origin sent for the user's first request of that page.
 */

const [port = '', origin = ''] = process.argv.slice(2)

const { ORDER_DATABASE_URL = '' } = environment()
const sql = postgres(ORDER_DATABASE_URL, { max: 10 })

type PageRequest = Pick<FastifyRequest, 'url' | 'headers'>

const pageOf = (request: PageRequest, user_id: string) => {
  const filter = Object.fromEntries(new URL(request.url, origin).searchParams)
  return {
    ...statementOf('order/queries/order_page', { ...filter, user_id, page: 1, skip: 0 }),
    bytes: bytesFor(request, user_id),
  }
}

const bytesFor = async ({ url, headers }: PageRequest, userId: string): Promise<Buffer> => {
  const own = { 'x-user-id': userId, 'x-internal-key': `${headers['x-internal-key']}` }
  return Buffer.from(await (await fetch(origin + url, { headers: own })).arrayBuffer())
}

const pages = new Map<string, ReturnType<typeof pageOf>>()

const app = fastify()
app.get('/*', async (request, reply) => {
  const userId = request.headers['x-user-id']
  if (typeof userId !== 'string') return reply.code(401).send()
  const key = `${userId} ${request.url}`
  const page = pages.get(key) ?? pageOf(request, userId)
  pages.set(key, page)
  await sql.unsafe(page.text, page.args, { prepare: true })
  return reply.type('application/json; charset=utf-8').send(await page.bytes)
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.on('SIGTERM', () => process.exit(0))
