import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Deadline } from '@flash-deal/service'
import t from 'tap'
import { RoutePool } from '../../domain/route-pool.ts'
import { Forwarding } from './forwarding.ts'

t.test('a client that disconnects when its place becomes free ends the request', async (t) => {
  const options = { concurrency: 1, queueMax: 1, responseLimitBytes: 1_000, services: [] }
  const pool = new RoutePool(options)
  t.teardown(() => pool.close())
  const request = { deadline: Deadline.in(600_000), ip: '192.0.2.1' }
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const forwarding = new Forwarding({ pool, request, response, isRead: false })
  const begun = forwarding.begin()
  response.emit('close')
  await t.rejects(begun, { code: 'SERVICE_UNAVAILABLE', message: 'The client disconnected.' })
  t.strictSame(pool.load, { running: 0, waiting: 0 })
})
