import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { serveSlots, slotsAt } from '../test-slots.ts'

/** The limit of concurrent test files. */

t.test('the number of slots is never exceeded, and every waiting file gets one', async (t) => {
  const server = await serveSlots({ count: 2 })
  t.teardown(() => server.close())
  const slots = slotsAt(server.port)
  let held = 0
  let most = 0
  const work = async () => {
    const give = await slots.take(false)
    held += 1
    most = Math.max(most, held)
    for (let turns = 0; turns < 200; turns++) await turn()
    held -= 1
    give()
  }
  await Promise.all(Array.from({ length: 20 }, work))
  t.equal(most, 2)
})

t.test('the slot of a process that is killed becomes free, also while it waits', async (t) => {
  const server = await serveSlots({ count: 1 })
  t.teardown(() => server.close())
  const slots = slotsAt(server.port)
  const give = await slots.take(false)
  const killed = connect(server.port, '127.0.0.1', () => killed.resetAndDestroy())
  const next = slots.take(false)
  give()
  const giveNext = await next
  giveNext()
  t.pass('it was served')
})

t.test('slow files take two slots and precede files that have waited longer', async (t) => {
  const server = await serveSlots({ count: 2 })
  t.teardown(() => server.close())
  const slots = slotsAt(server.port)
  const [give, giveOther] = await Promise.all([slots.take(false), slots.take(false)])
  const order: string[] = []
  const take = async (name: string, isSlow: boolean) => {
    const giveNext = await slots.take(isSlow)
    order.push(name)
    giveNext()
  }
  const quick = take('quick', false)
  for (let turns = 0; turns < 200; turns++) await turn()
  const slow = take('slow', true)
  for (let turns = 0; turns < 200; turns++) await turn()
  give()
  for (let turns = 0; turns < 200; turns++) await turn()
  t.strictSame(order, [], 'one is not enough for the slow file, and the quick one waits behind it')
  giveOther()
  await Promise.all([quick, slow])
  t.strictSame(order, ['slow', 'quick'])
})

t.test('a quick file runs next to a slow one while another slow one waits', async (t) => {
  const server = await serveSlots({ count: 3 })
  t.teardown(() => server.close())
  const slots = slotsAt(server.port)
  const give = await slots.take(true)
  let isNextSlowServed = false
  const nextSlow = slots.take(true).then((giveNext) => {
    isNextSlowServed = true
    giveNext()
  })
  const giveQuick = await slots.take(false)
  t.notOk(isNextSlowServed)
  give()
  await nextSlow
  giveQuick()
})
