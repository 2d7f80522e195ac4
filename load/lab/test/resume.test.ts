import t, { type Test } from 'tap'
import { openJournal } from '../journal.ts'
import { openLoadOf } from '../loads.ts'
import type { Header, RawRecord } from '../record.ts'
import { nameToResume, resumed } from '../resume.ts'
import { header, simulated } from '../verdict/test/simulate.ts'
import { lab } from './smoke.ts'

/** An interrupted run goes on under the conditions that it began with, or not at all. */

const interrupted = header({
  version: 3,
  subject: 'e2',
  commit: 'c0ffee',
  load: openLoadOf('latency', 800, 70).load,
  blocks: 3,
  warmUp: { requests: 700 },
})

const over = (restart: number): RawRecord => ({ kind: 'restart', restart, violations: [] })
const slicesOf = (restart: number) =>
  simulated({ header: interrupted, restarts: 2 }).filter(
    (record) => record.kind === 'slice' && record.restart === restart,
  )
/** The second restart has no end. */
const records = [...slicesOf(0), over(0), ...slicesOf(1)]

const folderWith = (t: Test, all: readonly RawRecord[]): string => {
  const folder = t.testdir({})
  openJournal(folder, all)
  return folder
}
const folderOf = (t: Test, changes: Partial<Header> = {}, more: readonly RawRecord[] = []) =>
  folderWith(t, [{ ...interrupted, ...changes }, ...records, ...more])

t.test('load, arms, blocks, warm-up and seed are those of the record', async (t) => {
  const { subject, kind, arms, seed, pace } = resumed(folderOf(t), 'E2', 'c0ffee')
  t.match({ name: subject.name, kind, seed }, { name: 'e2', kind: 'latency', seed: 1 })
  t.strictSame(arms, interrupted.arms)
  t.match(pace, { blocks: 3, warmRequests: 700, sliceMs: 4_000 })
})

t.test('whole restarts are kept, the unfinished one is repeated', async (t) => {
  t.strictSame(resumed(folderOf(t), undefined, 'c0ffee').before, {
    header: interrupted,
    records: [...slicesOf(0), over(0)],
  })
})

const refused: Record<string, [Partial<Header>, RawRecord[], string]> = {
  'of another commit': [
    { commit: 'abc' },
    [],
    'measures commit abc, and the working tree is at c0ffee',
  ],
  'that has ended': [{}, [{ kind: 'end', why: 'time is up' }], 'has ended'],
  'that is a self-test': [{ planted: { slowed: 'x', us: 1 } }, [], 'self-test cannot be resumed'],
  'of another subject': [{ subject: 'e2-shop' }, [], 'is of e2-shop, not of e2'],
}
for (const [what, [changes, more, message]] of Object.entries(refused)) {
  t.test(`a run ${what} is not resumed`, async (t) => {
    const folder = folderOf(t, changes, more)
    t.throws(() => resumed(folder, 'e2', 'c0ffee'), {
      name: 'PlainError',
      message: new RegExp(message),
    })
  })
}

t.test('a run of an earlier version is not resumed', async (t) => {
  const { subject: _, ...older } = interrupted
  t.throws(() => resumed(folderWith(t, [older, ...records]), 'e2', 'c0ffee'), {
    message: /an earlier version/,
  })
})

t.test('the command takes neither several runs nor other options', async (t) => {
  t.equal(nameToResume(['e2'], ['--resume', '--cap']), 'e2')
  t.equal(nameToResume([], ['--resume']), undefined)
  t.throws(() => nameToResume(['e2', 'e3'], ['--resume']), { message: /Name one scenario or none/ })
  const { code, stderr } = await lab('e2', '--share', '30,50', '--resume', folderOf(t))
  t.equal(code, 1)
  t.match(stderr, '--resume takes no --share: the run keeps the options that it began with.')
})
