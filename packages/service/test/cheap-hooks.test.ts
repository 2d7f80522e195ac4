import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import { Histogram, Registry } from 'prom-client'
import t from 'tap'
import { perTurn } from '../src/log-stream.ts'
import { OperationTimes } from '../src/operation-times.ts'
import { RequestLogger } from '../src/request-logger.ts'

t.test('durations are exported as by a histogram of prom-client', async (t) => {
  const buckets = [0.001, 0.01, 0.1]
  const name = 'times'
  const [ours, theirs] = [new Registry(), new Registry()]
  const options = { name, help: 'Times', labelNames: ['operation' as const], buckets }
  const own = new OperationTimes({ ...options, registers: [ours] })
  const reference = new Histogram({ ...options, registers: [theirs] })
  for (const [operation, seconds] of [
    ['a', 0.0005],
    ['a', 0.001],
    ['a', 0.05],
    ['b', 7],
  ] as const) {
    own.add(operation, seconds)
    reference.observe({ operation }, seconds)
  }
  const sorted = (text: string) =>
    text
      .replaceAll(/\{.*?\}/g, labels)
      .split('\n')
      .sort()
  const labels = (all: string) => all.slice(1, -1).split(',').sort().join()
  t.strictSame(sorted(await ours.metrics()), sorted(await theirs.metrics()))
  const asJson = async (registry: Registry) => (await registry.getMetricsAsJSON())[0]?.values.length
  t.equal(await asJson(ours), await asJson(theirs))
})

t.test(
  'the lines of one turn are one write, in order, and none is lost when the process exits',
  async (t) => {
    const writes: string[] = []
    const stream = perTurn({ write: (text) => writes.push(text) })
    stream.write('1\n')
    stream.write('2\n')
    t.strictSame(writes, [])
    await nextTurn()
    t.strictSame(writes, ['1\n2\n'])
    stream.write('3\n')
    stream.flush()
    t.strictSame(writes, ['1\n2\n', '3\n'])
    await nextTurn()
    t.equal(writes.length, 2)
  },
)

t.test(
  'the logger of a request is created for its first line, not when Fastify checks its type',
  (t) => {
    const lines: string[] = []
    let children = 0
    const parent = pino(
      { level: 'info', onChild: () => (children += 1) },
      { write: (line) => lines.push(line) },
    )
    const log = new RequestLogger(parent, { request_id: 'r' }, {})
    for (const name of ['info', 'error', 'debug', 'fatal', 'warn', 'trace', 'child'] as const)
      t.equal(typeof log[name], 'function')
    log.debug('below the level')
    t.equal(children, 0)
    log.warn({ a: 1 }, 'a line of %s', 'its own')
    log.info('another')
    t.equal(children, 1)
    t.match(
      lines.map((line) => JSON.parse(line)),
      [
        { level: 40, a: 1, request_id: 'r', msg: 'a line of its own' },
        { level: 30, request_id: 'r', msg: 'another' },
      ],
    )
    t.end()
  },
)
