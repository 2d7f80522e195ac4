import { setTimeout as pause } from 'node:timers/promises'
import { retention } from '@flash-deal/service'
import t from 'tap'
import { appWith } from './app-with.ts'

type Deletion = (size: number) => Promise<number>

/** A service with these deletions, two rows at a time: on demand, and after each interval. */
const appThat = (
  t: Parameters<typeof appWith>[0],
  deletions: Record<string, Deletion>,
  intervalMs = 86_400_000,
) =>
  appWith(t, {
    before: (app) => {
      const settings = {
        RETENTION_INTERVAL_MS: intervalMs,
        RETENTION_PAUSE_MS: 1,
        RETENTION_BATCH: 2,
      }
      app.register(retention, { settings, deletions })
      app.get('/round', async () => {
        await app.deleteOld()
        return 'done'
      })
    },
  })

/** A deletion of this many old rows, and the sizes of the requested batches. */
const rowsOf = (count: number) => {
  const sizes: number[] = []
  const deletion: Deletion = async (size) => {
    sizes.push(size)
    const rows = Math.min(size, count)
    count -= rows
    return rows
  }
  const add = (more: number): void => {
    count += more
  }
  return { sizes, deletion, add }
}

t.test('old rows are deleted in batches until none is left, and counted', async (t) => {
  const [many, none] = [rowsOf(5), rowsOf(0)]
  const { app } = await appThat(t, { many: many.deletion, none: none.deletion })
  await app.inject('/round')
  t.ok(many.sizes.length >= 3)
  t.ok([...many.sizes, ...none.sizes].every((size) => size === 2))
  const metrics = await app.metrics.metrics()
  t.match(metrics, 'retention_deleted_rows_total{table="many"} 5\n')
  t.match(metrics, 'retention_deleted_rows_total{table="none"} 0\n')
})

t.test('rounds run periodically', async (t) => {
  const first = Promise.withResolvers<void>()
  const deletion = async () => {
    first.resolve()
    return 0
  }
  await appThat(t, { rows: deletion }, 1)
  await t.resolves(first.promise)
})

t.test('a failing deletion does not stop the others, and is logged', async (t) => {
  const rows = rowsOf(1)
  const fails = async () => Promise.reject(new Error('the table is locked'))
  const { app, lines } = await appThat(t, { fails, rows: rows.deletion }, 1)
  rows.add(3)
  t.equal((await app.inject('/round')).statusCode, 500)
  t.match(await app.metrics.metrics(), 'retention_deleted_rows_total{table="rows"} 4\n')
  const failures = () => lines.filter(({ round }) => round === 'retention')
  while (failures().length === 0) await pause(1)
  t.match(failures()[0], { msg: 'A round failed', err: { message: 'the table is locked' } })
})

t.test('a service that closes starts no further batch', async (t) => {
  let batches = 0
  const second = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const endless = async (size: number) => {
    batches += 1
    if (batches === 2) {
      second.resolve()
      await held.promise
    }
    return size
  }
  const { app } = await appThat(t, { endless }, 1)
  await second.promise
  const closed = app.close()
  // Released only after closing has started.
  setImmediate(held.resolve)
  await closed
  t.ok(batches <= 3, `${batches} batches`)
})
