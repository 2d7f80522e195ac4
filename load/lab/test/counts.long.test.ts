import t from 'tap'
import { findPgbench } from '../counted/pgbench.ts'
import { LabSystem } from '../lab-system.ts'
import { smokeSystems } from '../smoke-systems.ts'
import { subjects } from '../subjects/index.ts'
import type { Subject } from '../subjects/subject.ts'
import { bySystem } from './smoke.ts'

/** What subjects count without load, each on a small amount of data. */

t.setTimeout(600_000)
const systems = smokeSystems(new AbortController().signal)
t.teardown(systems.end)

const countedBy = async (subject: Subject) => {
  const shared = await systems.cleanFor(subject)
  const { signal: abort } = new AbortController()
  const { system } = await LabSystem.open({ subject, arms: [], extent: 'smoke', abort, shared })
  try {
    return await system.counted()
  } finally {
    await system.end()
  }
}

/** These count by pgbench alone, and nothing where it is not installed. */
const byPgbench = ['e4', 'm1']
const isExpected = ({ name }: Subject): boolean =>
  !byPgbench.includes(name) || findPgbench() !== undefined

for (const subject of bySystem(subjects.filter(({ count }) => count !== undefined))) {
  t.test(`${subject.name} counts something in each row`, async (t) => {
    const rows = await countedBy(subject)
    t.equal(rows.length > 0, isExpected(subject))
    const empty = rows.filter(
      ({ plan, also, runs }) => !plan && Object.keys({ ...also, ...runs }).length === 0,
    )
    t.same(empty, [])
  })
}
