import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { healthService, reservationsService } from '@flash-deal/contracts/grpc'
import { ApiError, NotStarted } from '@flash-deal/errors'
import { asUser, buildApp, eachVariant, freePort, internalKey } from '@flash-deal/testing'
import { Client, credentials, Metadata, type MethodDefinition, status } from '@grpc/grpc-js'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import { witnessOf } from '../../../test/witness.ts'
import { product } from '../../app.ts'

/** Calls over gRPC that order never makes. */

const nowhere = { ORDER_URLS: 'http://127.0.0.1:1' }

const openGrpc = async (t: Test, own: Record<string, string> = {}) => {
  const port = await freePort()
  const settings = { ...nowhere, PRODUCT_GRPC_PORT: String(port), ...own }
  const app = await buildApp(t, 'product', fp(product), { settings, scenarios: { H1: 'grpc' } })
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  t.teardown(() => client.close())
  return { app, client }
}

type Options = { key?: string | undefined; ms?: number }

const call = <Sent, Received>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Sent, Received>,
  message: Sent,
  { key = internalKey, ms = 30_000 }: Options = {},
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const metadata = new Metadata()
    if (key !== '') metadata.set('x-internal-key', key)
    const options = { deadline: Date.now() + ms }
    const done = (error: Error | null, received?: Received): void => {
      if (error || received === undefined) reject(error)
      else resolve(received)
    }
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      options,
      done,
    )
  })

const errorCode = (expected: string) => (error: unknown) =>
  error instanceof Error &&
  'metadata' in error &&
  error.metadata instanceof Metadata &&
  error.metadata.get('error-code').join() === expected

const { CreateReservations, ConfirmReservations, ReleaseReservation } = reservationsService

const wanted = () => ({
  reservations: [
    {
      order_id: randomUUID(),
      user_id: randomUUID(),
      lines: [{ product_id: randomUUID(), quantity: 1 }],
    },
  ],
})

t.test('gRPC', async (t) => {
  const { app, client } = await openGrpc(t)

  const refused = async (t: Test, work: Promise<unknown>, code: status, name: string) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    t.match(error, { code }, name)
    t.ok(errorCode(name)(error), String(error))
  }

  t.test('a call with the internal key is served, and counted', async (t) => {
    const { results } = await call(client, CreateReservations, wanted())
    t.match(results, [{ outcome: 'refused', reason: 'PRODUCT_NOT_FOUND' }])
    t.match(await witnessOf(app, 'H1'), { grpc_served: 1 })
  })

  for (const key of ['', 'wrong']) {
    t.test(`every operation with the internal key "${key}" is rejected`, async (t) => {
      const order_id = randomUUID()
      for (const work of [
        call(client, CreateReservations, wanted(), { key }),
        call(client, ConfirmReservations, { order_ids: [order_id] }, { key }),
        call(client, ReleaseReservation, { order_id }, { key }),
      ])
        await refused(t, work, status.UNAUTHENTICATED, 'UNAUTHORIZED')
    })
  }

  t.test('a message that violates the contract is INVALID_ARGUMENT', async (t) => {
    const [one] = wanted().reservations
    const many = Array.from({ length: 101 }, () => ({ ...one }))
    for (const message of [
      { reservations: [] },
      { reservations: many },
      { reservations: [{ ...one, order_id: 'x' }] },
      { reservations: [{ ...one, lines: [] }] },
      { reservations: [{ ...one, lines: [{ product_id: randomUUID(), quantity: 11 }] }] },
      { reservations: [{ ...one, lines: [{ product_id: randomUUID() }] }] },
      {},
    ])
      await refused(
        t,
        call(client, CreateReservations, message),
        status.INVALID_ARGUMENT,
        'VALIDATION_ERROR',
      )
    for (const order_ids of [[], ['x'], Array.from({ length: 101 }, () => randomUUID())])
      await refused(
        t,
        call(client, ConfirmReservations, { order_ids }),
        status.INVALID_ARGUMENT,
        'VALIDATION_ERROR',
      )
    await refused(
      t,
      call(client, ReleaseReservation, {}),
      status.INVALID_ARGUMENT,
      'VALIDATION_ERROR',
    )
  })

  t.test('a message above the limit of a body is not read', async (t) => {
    const [one] = wanted().reservations
    const lines = Array.from({ length: 2_000 }, () => ({
      product_id: randomUUID(),
      quantity: 1,
      deal_id: randomUUID(),
    }))
    const work = call(client, CreateReservations, { reservations: [{ ...one, lines }] })
    await t.rejects(work, { code: status.RESOURCE_EXHAUSTED })
  })

  t.test('each error code has its own status', async (t) => {
    const { releaseStock } = app
    for (const { error, code, name } of [
      { error: new ApiError('NOT_FOUND'), code: status.NOT_FOUND, name: 'NOT_FOUND' },
      {
        error: new NotStarted('SERVICE_UNAVAILABLE'),
        code: status.UNAVAILABLE,
        name: 'SERVICE_UNAVAILABLE',
      },
      {
        error: new ApiError('DEADLINE_EXCEEDED'),
        code: status.DEADLINE_EXCEEDED,
        name: 'DEADLINE_EXCEEDED',
      },
      { error: new Error('A bug.'), code: status.INTERNAL, name: 'INTERNAL_ERROR' },
    ]) {
      app.releaseStock = async () => Promise.reject(error)
      await refused(t, call(client, ReleaseReservation, { order_id: randomUUID() }), code, name)
    }
    app.releaseStock = releaseStock
  })

  t.test('the deadline of a call is at most DEADLINE_MS', async (t) => {
    const { takeStock } = app
    const left: number[] = []
    app.takeStock = (request) => {
      left.push(request.deadline.leftMs)
      return takeStock(request)
    }
    await call(client, CreateReservations, wanted(), { ms: 600_000 })
    app.takeStock = takeStock
    t.ok((left[0] ?? 0) <= 30_000, `${left[0]} ms`)
  })

  t.test('the health service reports NOT_SERVING while product drains', async (t) => {
    t.strictSame(await call(client, healthService.Check, {}), { status: 'SERVING' })
    app.draining = true
    t.strictSame(await call(client, healthService.Check, {}), { status: 'NOT_SERVING' })
    app.draining = false
  })
})

t.test('a port in use fails the boot', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const PRODUCT_GRPC_PORT = String(typeof address === 'object' ? address?.port : '')
  await t.rejects(openGrpc(t, { PRODUCT_GRPC_PORT }), /bind|EADDRINUSE/i)
})

for (const H1 of eachVariant('H1')) {
  t.test(`with H1 ${H1} product serves HTTP, and gRPC only in its variant`, async (t) => {
    const port = await freePort()
    const settings = { ...nowhere, PRODUCT_GRPC_PORT: String(port) }
    const app = await buildApp(t, 'product', product, { settings, scenarios: { H1 } })
    t.equal((await app.inject({ url: '/products', headers: asUser() })).statusCode, 200)
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
    const check = call(client, healthService.Check, {}, { ms: 5_000 })
    if (H1 === 'grpc') t.strictSame(await check, { status: 'SERVING' })
    else await t.rejects(check, { code: status.UNAVAILABLE })
    client.close()
  })
}
