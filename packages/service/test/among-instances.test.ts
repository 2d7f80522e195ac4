import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { amongInstances } from '@flash-deal/service'
import t, { type Test } from 'tap'
import { Agent } from 'undici'
import { until } from './until.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

type Instance = {
  origin: string
  server: Server
  calls: string[]
  readiness: { status: number; checks: number }
}

/** A server that records the body of each request. */
const instance = async (t: Test, answer: Answer = (_, response) => response.end('ok')) => {
  const calls: string[] = []
  const readiness = { status: 200, checks: 0 }
  const server = createServer(async (request, response) => {
    if (request.url === '/health/ready') {
      readiness.checks += 1
      response.writeHead(readiness.status).end()
      return
    }
    calls.push(await text(request))
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, server, calls, readiness }
}

const stop = async ({ server }: Instance): Promise<void> => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

const agentFor = (t: Test, ...instances: Instance[]) => clientOf(t, {}, instances)

const clientOf = (t: Test, options: Agent.Options, instances: readonly Instance[]) => {
  const agent = new Agent({ connect: { timeout: 1_000 }, ...options })
  t.teardown(() => agent.destroy())
  return amongInstances(agent, [instances.map(({ origin }) => origin)], checkEveryMs)
}

const checkEveryMs = 20

/** Sends requests for one instance until it receives one. */
const reaches = async (client: Client, instance: Instance, reset = false): Promise<void> => {
  const before = instance.calls.length
  while (instance.calls.length === before) {
    await post(client, instance, 'once', reset)
    await sleep(checkEveryMs / 4)
  }
}

type Client = ReturnType<typeof agentFor>

/** @param reset closes the connection after the response, as an agent without keep-alive does */
const post = async (
  client: Client,
  { origin }: Instance,
  body: string | Readable = 'once',
  reset = false,
) => {
  const response = await client.request({ origin, path: '/', method: 'POST', body, reset })
  await response.body.dump()
  return response.statusCode
}

t.test('a request whose connection is refused is sent to another instance, once', async (t) => {
  const [gone, there] = [await instance(t), await instance(t)]
  await stop(gone)
  const client = agentFor(t, gone, there)
  t.equal(await post(client, gone), 200)
  t.equal(await post(client, gone, Readable.from(['from a stream'])), 200)
  t.strictSame(there.calls, ['once', 'from a stream'])
})

t.test('a request that was sent is not repeated', async (t) => {
  const breaking = await instance(t, ({ socket }) => socket.destroy())
  const there = await instance(t)
  const client = agentFor(t, breaking, there)
  await t.rejects(post(client, breaking), { code: 'UND_ERR_SOCKET' })
  t.strictSame([breaking.calls.length, there.calls.length], [1, 0])
})

t.test('an instance that closes its connections is skipped until it is ready', async (t) => {
  const leaving = await instance(t, (_, response) => {
    response.setHeader('connection', 'close').end('ok')
  })
  leaving.readiness.status = 503
  const there = await instance(t)
  const client = agentFor(t, leaving, there)
  for (let round = 0; round < 3; round += 1) await post(client, leaving)
  t.strictSame([leaving.calls.length, there.calls.length], [1, 2])
  await until(() => leaving.readiness.checks > 2)
  await post(client, leaving)
  t.equal(leaving.calls.length, 1, 'it is not ready yet')
  leaving.readiness.status = 200
  await reaches(client, leaving)
})

t.test('the others share the requests of one that is skipped', async (t) => {
  const [gone, ...others] = [await instance(t), await instance(t), await instance(t)] as const
  await stop(gone)
  const client = agentFor(t, gone, ...others)
  for (let round = 0; round < 6; round += 1) await post(client, gone)
  t.strictSame(
    others.map(({ calls }) => calls.length),
    [3, 3],
  )
})

t.test('without another instance the error is that of the last one', async (t) => {
  const [one, two] = [await instance(t), await instance(t)]
  const client = agentFor(t, one, two)
  await Promise.all([stop(one), stop(two)])
  await t.rejects(post(client, one), { code: 'ECONNREFUSED' })
  await t.rejects(post(client, two), { code: 'ECONNREFUSED' }, 'both are skipped, and tried')
})

t.test('an instance is called again when it has recovered', async (t) => {
  const [one, two] = [await instance(t), await instance(t)]
  const client = agentFor(t, one, two)
  const { port } = one.server.address() as AddressInfo
  await stop(one)
  await post(client, one)
  one.server.listen(port, '127.0.0.1')
  await once(one.server, 'listening')
  await reaches(client, one)
  t.ok(one.readiness.checks > 0)
})

t.test('instances of one service never take the requests of another', async (t) => {
  const [alone, one, two] = [await instance(t), await instance(t), await instance(t)]
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  const client = amongInstances(agent, [[alone.origin], [one.origin, two.origin]])
  await stop(alone)
  await t.rejects(post(client, alone), { code: 'ECONNREFUSED' })
  t.strictSame([one.calls, two.calls], [[], []])
})

t.test('a caller that closes its own connections skips no instance', async (t) => {
  const [one, two] = [await instance(t), await instance(t)]
  const client = agentFor(t, one, two)
  for (let round = 0; round < 2; round += 1) {
    const { body } = await client.request({
      origin: one.origin,
      path: '/',
      method: 'GET',
      reset: true,
    })
    await body.dump()
  }
  t.strictSame([one.calls.length, two.calls.length], [2, 0])
})

t.test('without keep-alive, too, an instance that is back is used again', async (t) => {
  const [back, there] = [await instance(t), await instance(t)]
  await stop(back)
  const client = clientOf(t, { pipelining: 0 }, [back, there])
  await post(client, back, 'once', true)
  t.equal(there.calls.length, 1)
  back.server.listen(Number(new URL(back.origin).port), '127.0.0.1')
  await once(back.server, 'listening')
  await reaches(client, back, true)
})
