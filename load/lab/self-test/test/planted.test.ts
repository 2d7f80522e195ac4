import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Arm } from '../../record.ts'
import type { Summary } from '../../summary.ts'
import { judge } from '../../verdict/judge.ts'
import { arms, header, simulated } from '../../verdict/test/simulate.ts'
import { faultsOfSelfTest } from '../planted.ts'
import { validSelfTest } from '../valid-self-test.ts'

/** A planted cost is measured correctly, and a report names the self-test of its machine. */

const treatment = (name: string): Arm => ({
  ...{ name, role: 'treatment', scenarios: { E2: name }, witnesses: [] },
})
const cast = [
  ...arms.filter(({ role }) => role !== 'treatment'),
  treatment('same'),
  treatment('slowed'),
]

/** A request costs the baseline 200 µs. @param costs what it costs the other arms in addition */
const selfTestWith = (us: number, costs: Record<string, number>): Summary => {
  const run = header({ arms: cast, planted: { slowed: 'slowed', us } })
  return judge(run, simulated({ header: run, costs, noise: { slice: 0.03, restart: 0.01 } }))
}

t.test('a planted 10 % is detected correctly', async (t) => {
  t.strictSame(faultsOfSelfTest(selfTestWith(20, { slowed: 1.1 })), [])
})

t.test('a planted 10 % that is 17.5 % fails, although the verdict is slower', async (t) => {
  const [fault, ...more] = faultsOfSelfTest(selfTestWith(20, { slowed: 1.175 }))
  t.match(fault, /^slowed costs ×1\.\d+, but the measured interval is \[1\.1[5-8]/)
  t.strictSame(more, [])
})

t.test('an equal arm that differs, and a slowdown without effect, fail', async (t) => {
  t.match(faultsOfSelfTest(selfTestWith(20, { same: 1.1, slowed: 1.1 })), [
    /^same is an equal arm, but its verdict is: slower/,
  ])
  t.match(faultsOfSelfTest(selfTestWith(20, {})), [
    /^slowed: the verdict is equivalent/,
    /measured interval/,
  ])
})

t.test('an old run without a planted difference does not count', async (t) => {
  const run = header({ arms: cast })
  t.match(faultsOfSelfTest(judge(run, simulated({ header: run }))), [
    /the header has no planted difference/,
  ])
})

const kept = (t: Test, results: Readonly<Record<string, Summary>>): string => {
  const root = t.testdir({})
  for (const [name, summary] of Object.entries(results)) {
    const folder = join(root, 'load/results', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary))
  }
  return root
}

t.test('the newest passed self-test on this kind of machine is the valid one', async (t) => {
  const passed = selfTestWith(20, { slowed: 1.1 })
  const failed = selfTestWith(20, { slowed: 1.3 })
  const at = (summary: Summary, startedAt: string): Summary => ({
    ...summary,
    run: { ...summary.run, startedAt },
  })
  const root = kept(t, {
    '2026-01-01-self-test': at(passed, '2026-01-01T00:00:00Z'),
    '2026-01-02-self-test': at(passed, '2026-01-02T00:00:00Z'),
    '2026-01-03-self-test': at(failed, '2026-01-03T00:00:00Z'),
  })
  const { machine } = passed.run
  t.equal(validSelfTest(root, machine), '2026-01-02-self-test')
  t.equal(validSelfTest(root, { ...machine, kernel: '6.2' }), undefined)
  t.equal(validSelfTest(root, { ...machine, cpu: 'another' }), undefined)
})
