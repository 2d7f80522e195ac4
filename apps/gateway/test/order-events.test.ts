import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@flash-deal/testing'
import type { Test } from 'tap'
import {
  type Behaviour,
  eachNodeProxy,
  eachProxy,
  fakeService,
  type Proxying,
  someToken,
  startObliging,
} from './gateway-alone.ts'

/** The events of an order go through the gateway as they happen. */

const path = '/orders/3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36/events'

const start = async (t: Test, proxy: Proxying, settings: Record<string, string> = {}) => {
  const streams: ServerResponse[] = []
  const behave: Behaviour = ({ path: asked }, response) => {
    if (asked !== path) return response.end('{}')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 1000\n\n')
    return streams.push(response)
  }
  const order = await fakeService(t, behave)
  const gateway = await startObliging(t, { ORDER_URLS: order.url, ...settings }, proxy)
  return { ...gateway, order, streams }
}

const follow = async (url: string, headers: Record<string, string> = {}) => {
  const request = get(`${url}${path}`, {
    agent: false,
    headers: { authorization: `Bearer ${someToken}`, ...headers },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { request, response }
}

eachProxy('an event arrives while the stream is open, past the deadline', async (t, proxy) => {
  const { url, streams, order } = await start(t, proxy, { DEADLINE_MS: '500' })
  const { response } = await follow(url, { 'last-event-id': 'the last' })
  t.equal(response.statusCode, 200)
  t.equal(response.headers['content-type'], 'text/event-stream')
  t.equal(order.received.at(-1)?.headers['last-event-id'], 'the last')
  const [first] = await once(response, 'data')
  t.equal(String(first), 'retry: 1000\n\n')
  await sleep(1_000)
  streams[0]?.write('event: order\ndata: {}\n\n')
  const [second] = await once(response, 'data')
  t.equal(String(second), 'event: order\ndata: {}\n\n')
  streams[0]?.end()
  t.equal(await text(response), '')
})

eachProxy('a client that hangs up ends the stream at the service', async (t, proxy) => {
  const { url, streams } = await start(t, proxy)
  const { request, response } = await follow(url)
  await once(response, 'data')
  const [stream] = streams
  if (!stream) throw new Error('There is no stream.')
  const closed = once(stream, 'close')
  request.destroy()
  await closed
})

eachProxy('without a token there is no stream', async (t, proxy) => {
  const { url, streams } = await start(t, proxy)
  const answer = await fetch(`${url}${path}`)
  t.equal(answer.status, 401)
  t.equal(streams.length, 0)
})

eachNodeProxy('streams take no place of other reads, and are bounded', async (t, proxy) => {
  const settings = { UPSTREAM_STREAMS: '2', UPSTREAM_READS: '1' }
  const { url, streams } = await start(t, proxy, settings)
  const open = [await follow(url), await follow(url)]
  await until(() => streams.length === 2)
  const refused = await follow(url)
  t.equal(refused.response.statusCode, 503)
  t.ok(refused.response.headers['retry-after'])
  const read = await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${someToken}` } })
  t.equal(read.status, 200)
  for (const { request } of open) request.destroy()
})

eachNodeProxy('a gateway that stops ends the streams', async (t, proxy) => {
  const { url, close } = await start(t, proxy)
  const { response } = await follow(url)
  const whole = text(response).catch(() => 'broken off')
  await close()
  t.equal(await whole, 'retry: 1000\n\n')
})
