import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { seedOfCommit } from '@flash-deal/local/commit'
import t from 'tap'
import { smokeProblems } from '../smoke.ts'
import { subjects } from '../subjects/index.ts'
import type { Subject } from '../subjects/subject.ts'
import { header, simulated } from '../verdict/test/simulate.ts'

/** The lab's short form: whatever can be measured runs, answers as it should, and proves it. */

const program = join(import.meta.dirname, '../run.ts')

const lab = (...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { env: environment() }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

// Each subject starts a system of its own.
t.setTimeout(600_000)

const seed = Number(environment().TEST_SEED ?? seedOfCommit())

/** One that is not the baseline, of those that the subject can prove to be on. */
const variantFor = ({ witness }: Subject): string => {
  const provable = Object.entries(witness).filter(([name, events]) => isProvable(name, events))
  // Those of a subject come round one after the other, each time when it is its turn.
  return provable[Math.floor(seed / 3) % provable.length]?.[0] ?? 'optimized'
}

const isProvable = (name: string, events: readonly string[]): boolean =>
  name !== 'baseline' && events.length > 0

// All of them with all variants take minutes, by npm run lab -- --smoke. So with each commit it is
// the turn of other ones, or of those that TEST_SEED chooses.
for (const subject of subjects.filter((_, index) => (index + seed) % 3 === 0)) {
  const { name } = subject
  const variant = variantFor(subject)
  t.test(`${name} with ${variant} does what it should`, async (t) => {
    const { code, stdout } = await lab(name, '--smoke', '--variants', variant)
    t.match(stdout, `${name} does what it should.`)
    t.equal(code, 0, stdout)
  })
}

t.test('what it cannot measure is refused with what it can', async (t) => {
  const { code, stderr } = await lab('x9')
  t.equal(code, 1)
  t.match(stderr, 'The lab cannot measure "x9". It can: e1')
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
