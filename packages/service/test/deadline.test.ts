import { ApiError, NotStarted } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { appWith, internalKey } from './app-with.ts'
import { documentOf, operation } from './document.ts'

const deadlineMs = 60_000
const document = documentOf({ '/left': { get: operation({ operationId: 'left' }) } })
const left = async ({ deadline }: FastifyRequest) => ({ ms: deadline.remainingMs() })
const settings = { DEADLINE_MS: String(deadlineMs) }
const { app } = await appWith(t, { document, handlers: { left }, settings })

const ask = (headers: Record<string, string>) => app.inject({ url: '/left', headers })
const leftWith = async (headers: Record<string, string>): Promise<number> => {
  const { ms } = (await ask(headers)).json()
  return ms
}
const asService = (given: string) => ({ 'x-internal-key': internalKey, 'x-deadline-ms': given })

t.test('without a header a request has the deadline of the settings', async (t) => {
  const ms = await leftWith({})
  t.ok(ms > deadlineMs / 2 && ms <= deadlineMs, `${ms} ms`)
})

t.test('a caller can set a shorter deadline', async (t) => {
  const ms = await leftWith(asService('20000'))
  t.ok(ms > 0 && ms <= 20_000, `${ms} ms`)
})

t.test('no caller can set a longer deadline', async (t) => {
  t.ok((await leftWith(asService('600000'))) <= deadlineMs)
  t.ok((await leftWith(asService('1e300'))) <= deadlineMs)
})

t.test('a client cannot set the deadline', async (t) => {
  t.ok((await leftWith({ 'x-deadline-ms': '1' })) > deadlineMs / 2)
})

t.test('an invalid deadline is ignored', async (t) => {
  for (const given of ['soon', 'Infinity', '-Infinity', 'NaN', '5,5'])
    t.ok((await leftWith(asService(given))) > deadlineMs / 2, given)
})

t.test('a request whose deadline has passed is 504', async (t) => {
  for (const given of ['0', '-5']) {
    const response = await ask(asService(given))
    t.equal(response.statusCode, 504)
    t.equal(response.json().error, 'DEADLINE_EXCEEDED')
  }
})

t.test('a task that has not started when its deadline expires is NotStarted', async (t) => {
  const error = t.throws(() => Deadline.in(0).remainingToStart(), { code: 'DEADLINE_EXCEEDED' })
  t.ok(error instanceof NotStarted)
  t.ok(Deadline.in(60_000).remainingToStart() > 50_000)
})

t.test('an expired deadline throws at every check', async (t) => {
  const passed = Deadline.in(0)
  t.throws(() => passed.remainingMs(), new ApiError('DEADLINE_EXCEEDED'))
  t.throws(() => passed.remainingMs(), new ApiError('DEADLINE_EXCEEDED'))
})
