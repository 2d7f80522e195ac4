import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { appWith, internalKey } from './app-with.ts'
import { documentOf, operation } from './document.ts'

const document = documentOf({
  '/open': { get: operation({ operationId: 'open' }) },
  '/mine': { get: operation({ operationId: 'mine', security: [{ bearer: [] }] }) },
  '/internal/all': { get: operation({ operationId: 'all', security: [{ internalKey: [] }] }) },
})

const whose = async ({ userId, isInternal }: FastifyRequest) => ({ userId, isInternal })
const { app } = await appWith(t, { document, handlers: { open: whose, mine: whose, all: whose } })

const user = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'
const key = { 'x-internal-key': internalKey }

const isRefused = async (t: Test, url: string, headers: Record<string, string>) => {
  const response = await app.inject({ url, headers })
  t.equal(response.statusCode, 401, `${url} ${JSON.stringify(headers)}`)
  t.equal(response.json().error, 'UNAUTHORIZED')
}

t.test('a user id with the internal key is accepted', async (t) => {
  const response = await app.inject({ url: '/mine', headers: { ...key, 'x-user-id': user } })
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { userId: user, isInternal: true })
})

t.test('a user id without the internal key is rejected, also for public operations', async (t) => {
  for (const url of ['/open', '/mine', '/internal/all', '/health', '/nowhere'])
    await isRefused(t, url, { 'x-user-id': user })
})

t.test('a wrong internal key is rejected by every operation', async (t) => {
  for (const wrong of ['', 'x', `${internalKey}x`, internalKey.slice(1), internalKey.toUpperCase()])
    for (const url of ['/open', '/mine', '/internal/all'])
      await isRefused(t, url, { 'x-internal-key': wrong, 'x-user-id': user })
})

t.test('a protected operation requires a valid user id', async (t) => {
  await isRefused(t, '/mine', {})
  await isRefused(t, '/mine', key)
  for (const id of ['', 'x', `${user}x`, ` ${user},${user}`, `{${user}}`, user.replace('-', '')])
    await isRefused(t, '/mine', { ...key, 'x-user-id': id })
})

t.test('an internal operation requires only the key', async (t) => {
  await isRefused(t, '/internal/all', {})
  const response = await app.inject({ url: '/internal/all', headers: key })
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { userId: '', isInternal: true })
})

t.test('a public operation requires nothing', async (t) => {
  const response = await app.inject('/open')
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { userId: '', isInternal: false })
})

t.test('a repeated identity header is rejected', async (t) => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const other = 'c4a1e8d2-5b36-4f97-8a0e-9d7c3b2f1e64'
  for (const headers of [
    ['x-internal-key', internalKey, 'x-user-id', user, 'x-user-id', other],
    ['x-internal-key', internalKey, 'x-user-id', user, 'X-User-Id', user],
    ['x-internal-key', internalKey, 'x-internal-key', internalKey, 'x-user-id', user],
    ['x-internal-key', 'wrong', 'x-internal-key', internalKey, 'x-user-id', user],
  ]) {
    t.equal(await statusOf('/mine', headers), 401)
  }
  t.equal(await statusOf('/mine', ['x-internal-key', internalKey, 'x-user-id', user]), 200)
})

/** Sends the headers unchanged, including repeated ones. */
const statusOf = async (path: string, headers: string[]): Promise<number | undefined> => {
  const { port } = app.server.address() as AddressInfo
  const request = httpRequest({ port, path, headers: ['host', 'localhost', ...headers] }).end()
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode
}
