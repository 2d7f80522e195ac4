import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { smokeProblems } from '../smoke.ts'
import { header, simulated } from '../verdict/test/simulate.ts'

/** The lab's short form: whatever can be measured runs, answers as it should, and proves it. */

const program = join(import.meta.dirname, '../run.ts')

const lab = (...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { env: environment() }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

t.setTimeout(180_000)

t.test('every scenario that the lab knows does what it should', async (t) => {
  const { code, stdout } = await lab('--smoke')
  t.match(stdout, /does what it should/)
  t.equal(code, 0, stdout)
})

t.test('what it cannot measure is refused with what it can', async (t) => {
  const { code, stderr } = await lab('x9')
  t.equal(code, 1)
  t.match(stderr, 'The lab cannot measure "x9". It can: e2')
})

t.test('so is a variant that there is none of', async (t) => {
  t.match((await lab('e2', '--variants', 'fastest')).stderr, 'E2 has no fastest')
})

t.test('a system that answers wrongly fails it, one that is slow does not', async (t) => {
  const problems = (change: object) =>
    smokeProblems(header(), simulated({ change: () => change })).length
  t.equal(problems({ serverUtilization: 0.1, foreignCpu: 0.9 }), 0)
  for (const change of [
    { statuses: { 500: 1 } },
    { wrongBodies: 1 },
    { witnesses: {} },
    { health: {} },
    { errors: { timeout: 1 } },
  ]) {
    t.ok(problems(change) > 0, JSON.stringify(change))
  }
})
