import { documents, operationsOf } from '@flash-deal/contracts'
import { schemaOf, validatorCompiler } from '@flash-deal/service'
import { fastify } from 'fastify'

/**
 * L for requests that write: `node validate-only.ts <port> <origin> <path>` validates the body against
 * the contract and serializes the origin's response to the first request; it does nothing else.
 */

const [port = '', origin = '', path = ''] = process.argv.slice(2)

const operation = Object.values(documents)
  .flatMap(operationsOf)
  .find((each) => each.path === path && each.method === 'post')
if (!operation) throw new Error(`No contract declares POST ${path}.`)

const identity = ['x-internal-key', 'x-user-id']

type Kept = { status: number; body: unknown }
let kept: Promise<Kept> | undefined

const ask = async (headers: Record<string, unknown>, body: unknown): Promise<Kept> => {
  const names = ['content-type', 'authorization', 'idempotency-key', ...identity]
  const given = names.flatMap((name): [string, string][] =>
    headers[name] === undefined ? [] : [[name, String(headers[name])]],
  )
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: Object.fromEntries(given),
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const app = fastify()
app.setValidatorCompiler(validatorCompiler)
app.post(path, { schema: schemaOf(operation) }, async (request, reply) => {
  kept ??= ask(request.headers, request.body)
  const { status, body } = await kept
  return reply.code(status).send(body)
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.on('SIGTERM', () => process.exit(0))
