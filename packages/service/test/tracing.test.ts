import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { appWith } from './app-with.ts'
import { documentOf, operation } from './document.ts'

const document = documentOf({ '/seen': { get: operation({ operationId: 'seen' }) } })
const seen = async ({ id, headers: { traceparent, tracestate } }: FastifyRequest) => ({
  ...{ id, traceparent, tracestate },
})
const { app, lines } = await appWith(t, { document, handlers: { seen } })

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

const ask = (headers: Record<string, string>) => app.inject({ url: '/seen', headers })

t.test('a valid request id of the caller is used, returned and logged', async (t) => {
  for (const id of ['a', 'cart-2f1d7c.1_B', 'x'.repeat(64)]) {
    const response = await ask({ 'x-request-id': id })
    t.equal(response.json().id, id)
    t.equal(response.headers['x-request-id'], id)
    t.equal(lines.at(-1)?.request_id, id)
  }
})

t.test('an unsafe or missing request id is replaced', async (t) => {
  for (const id of ['', 'x'.repeat(65), 'a b', '{"a":1}', 'a,b', '<script>', 'é', '../x']) {
    const response = await ask({ 'x-request-id': id })
    t.match(response.json().id, uuid)
    t.equal(response.headers['x-request-id'], response.json().id)
  }
  t.match((await ask({})).json().id, uuid)
})

t.test('two requests without an id get different ids', async (t) => {
  t.not((await ask({})).json().id, (await ask({})).json().id)
})

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

t.test("a request continues its caller's trace with a new span", async (t) => {
  for (const flags of ['00', '01']) {
    const response = await ask({ traceparent: `00-${traceId}-${spanId}-${flags}` })
    const { traceparent } = response.json()
    t.match(traceparent, new RegExp(`^00-${traceId}-[0-9a-f]{16}-${flags}$`))
    t.notMatch(traceparent, spanId)
    t.equal(lines.at(-1)?.trace_id, traceId)
  }
})

t.test('a tracestate is forwarded with its trace, unless it is too long', async (t) => {
  const traceparent = `00-${traceId}-${spanId}-01`
  const stateFor = async (headers: Record<string, string>) =>
    (await ask(headers)).json().tracestate ?? 'none'
  t.equal(await stateFor({ traceparent, tracestate: 'a=1,b=2' }), 'a=1,b=2')
  t.equal(await stateFor({ traceparent, tracestate: 'x'.repeat(513) }), 'none')
  t.equal(await stateFor({ tracestate: 'a=1' }), 'none', 'it is removed without a trace')
})

t.test('without a valid trace a new one starts', async (t) => {
  for (const traceparent of [
    '',
    'x',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
  ]) {
    const begun = (await ask({ traceparent })).json().traceparent
    t.match(begun, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    t.notMatch(begun, traceId)
    t.equal(lines.at(-1)?.trace_id, begun.split('-')[1])
  }
})
