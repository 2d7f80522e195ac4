import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { scenarioIds, scenarioOf } from '@flash-deal/config'
import { root as repository } from '@flash-deal/local/paths'
import t, { type Test } from 'tap'
import { writeFairness } from '../../fairness/write-fairness.ts'
import { arms } from '../../verdict/test/simulate.ts'
import { adviceClause } from '../advice.ts'
import { documentNames, documentsOf, staleIn } from '../documents.ts'
import { withoutSince } from '../measured.ts'
import { accept } from './accepted.ts'

/** The results in the documents are those of the measurements. */

const page = 'docs/scenarios.md'
const story = 'docs/scenarios/product-list-slow.md'
const marked = 'Before.\n<!-- results:e2 -->\n<!-- /results -->\nAfter.\n'

/** A repository with one story, and nothing that was measured. */
const emptyRoot = (t: Test): string =>
  t.testdir({ docs: { scenarios: { 'product-list-slow.md': marked } } })

const linesOf = (root: string, beginning: string): string[] =>
  (documentsOf(root).get(page) ?? '').split('\n').filter((line) => line.startsWith(beginning))

const quiet = { slice: 0, restart: 0 }

t.test('a gain is shown with its interval, in the table and in the section', async (t) => {
  const root = emptyRoot(t)
  const [comparison] = accept(root, '2026-01-01-e2').comparisons
  const sentence = comparison?.verdict.sentence ?? ''
  t.match(sentence, /^faster ×\d\.\d\d \[\d\.\d\d\.\.\d\.\d\d\]$/)
  t.strictSame(linesOf(root, '| [E2]'), [
    `| [E2](#e2-the-product-list-from-a-cache) | The product list from a cache | ${adviceClause('E2')} | \`optimized\` ${sentence} |`,
  ])
  t.equal(linesOf(root, `| optimized | ${sentence} |`).length, 1)
})

t.test('a result has the share of the ceiling, the CPU of both arms, and its source', async (t) => {
  const root = emptyRoot(t)
  accept(root, '2026-01-01-e2', {
    noise: quiet,
    costs: { optimized: 0.5, ceiling: 0.25 },
    changes: { settings: { ceiling: 'a bare route' } },
  })
  t.match(linesOf(root, '| optimized |'), [
    / 50 % \[50\.\.50\] \| 200\.0 → 100\.0 \| \S+ lines changed since \|$/,
  ])
  t.strictSame(linesOf(root, 'Measured'), [
    'Measured on 2026-01-01, commit df32609, simulated with 2 cores: [report](../load/results/2026-01-01-e2/report.md), [all files](../load/results/2026-01-01-e2). The ceiling is a bare route.',
  ])
})

const undecided = {
  inconclusive: {
    simulation: { restarts: 3 },
    cell: 'inconclusive: 3 of at least 10 restarts',
  },
  INVALID: {
    simulation: { change: () => ({ wrongBodies: 1 }) },
    cell: 'INVALID: baseline: 1 answers had an unexpected body (119 of 119 slices; the first is named); 2 more reasons in the report',
  },
}

for (const [kind, { simulation, cell }] of Object.entries(undecided)) {
  t.test(`a verdict of ${kind} is shown without figures`, async (t) => {
    const root = emptyRoot(t)
    accept(root, '2026-01-01-e2', simulation)
    t.match(linesOf(root, '| [E2]'), [new RegExp(`\\| \`optimized\` ${kind} \\|$`)])
    const since = linesOf(root, '| optimized |').map((line) => withoutSince(line))
    t.strictSame(since, [`| optimized | ${cell} | – | – | lines changed since |`])
  })
}

t.test('an old result is shown under the current name of its variant', async (t) => {
  const root = emptyRoot(t)
  const startedAt = '2026-11-23T10:00:00Z'
  accept(root, '2026-11-23-e4', { changes: { id: 'E4', startedAt } })
  t.match(linesOf(root, '| [E4]'), [/\| `joined` faster ×[\d.]+ \[\S+\] \|$/])
  t.equal(linesOf(root, '| joined | faster').length, 1)
  t.match(linesOf(root, 'Not measured yet: `optimized`'), [/./])
})

t.test('the newest result of a measurement is shown, the others are linked', async (t) => {
  const root = emptyRoot(t)
  const days = { '2026-01-01-e2-10': '10', '2026-01-01-e2': '08', '2026-01-01-e2-2': '09' }
  for (const [name, hour] of Object.entries(days)) {
    const costs = { optimized: hour === '10' ? 0.25 : 0.5 }
    const startedAt = `2026-01-01T${hour}:00:00Z`
    accept(root, name, { noise: quiet, costs, changes: { startedAt } })
  }
  t.match(linesOf(root, '| [E2]'), [/ faster ×4\.00 /])
  t.match(linesOf(root, '| optimized |'), [/ faster ×4\.00 /])
  t.match(linesOf(root, 'Measured'), [/2026-01-01-e2-10\/report\.md/])
  t.strictSame(linesOf(root, 'All runs'), [
    'All runs, the oldest first: `optimized` ×2.00, ×2.00, ×4.00 ([2026-01-01-e2](../load/results/2026-01-01-e2/report.md), [2026-01-01-e2-2](../load/results/2026-01-01-e2-2/report.md), [2026-01-01-e2-10](../load/results/2026-01-01-e2-10/report.md)).',
  ])
})

t.test('each load has its own table', async (t) => {
  const root = emptyRoot(t)
  const load = { mode: 'latency', rate: 2_500, share: 50, spikeFactor: 1 } as const
  accept(root, '2026-01-02-e2-latency', {
    noise: quiet,
    costs: { optimized: 0.25 },
    changes: { load, startedAt: '2026-01-02T00:00:00Z' },
  })
  accept(root, '2026-01-01-e2', { noise: quiet })
  t.match(linesOf(root, '| optimized |'), [/ faster ×2\.00 /, / faster ×4\.00 /])
  t.match(linesOf(root, '**e2'), [/^\*\*e2: Closed loop, /, /^\*\*e2-latency: Open loop /])
  t.match(linesOf(root, '| [E2]'), [/ faster ×2\.00 /])
})

t.test('an unfinished run and a self-test are not shown', async (t) => {
  const root = emptyRoot(t)
  const { folder } = accept(root, '2026-01-01-e2')
  rmSync(join(folder, 'summary.json'))
  const same = arms.map((arm) => (arm.role === 'treatment' ? { ...arm, name: 'the same' } : arm))
  accept(root, '2026-01-01-self-test', { changes: { arms: same } })
  t.match(linesOf(root, '| [E2]'), [/ not measured yet \|$/])
  t.strictSame(linesOf(root, 'Measured'), [])
})

t.test('a target is met, missed or undecided according to the whole interval', async (t) => {
  for (const [ceiling, outcome] of [
    [0.25, /^Target: `optimized` at least 0\.6 × the rate of the ceiling: missed, 0\.50 \[/],
    [0.4, /: met, 0\.80 \[/],
  ] as const) {
    const root = emptyRoot(t)
    accept(root, '2026-01-01-e2', { noise: quiet, costs: { optimized: 0.5, ceiling } })
    t.match(linesOf(root, 'Target: `optimized`'), [outcome])
    t.strictSame(linesOf(root, 'Target: `memory`'), [], 'it was not compared')
  }
})

t.test('variants and measurements without a result are named', async (t) => {
  const root = emptyRoot(t)
  accept(root, '2026-01-01-e2')
  t.strictSame(linesOf(root, 'Not measured yet:'), [
    'Not measured yet: `memory`, `single`, `e2-single`, `e2-shop`.',
  ])
})

t.test('a verdict that was edited by hand is an error with a clear message', async (t) => {
  const root = emptyRoot(t)
  const { folder, comparisons } = accept(root, '2026-01-01-e2')
  const summary = join(folder, 'summary.json')
  const sentence = comparisons[0]?.verdict.sentence ?? ''
  const text = readFileSync(summary, 'utf8')
  writeFileSync(summary, text.replace(sentence, 'faster ×9.99 [9.98..9.99]'))
  t.throws(() => documentsOf(root), {
    name: 'PlainError',
    message: /^The verdict in load\/results\/2026-01-01-e2 is not that of its raw slices\. .*9\.99/,
  })
})

t.test(
  'a scenario without a result is "not measured yet", one without code is "planned"',
  async (t) => {
    const root = emptyRoot(t)
    for (const id of scenarioIds) {
      const { status } = scenarioOf(id)
      const expected = status === 'planned' ? 'planned' : 'not measured yet'
      t.match(linesOf(root, `| [${id}]`), [new RegExp(`\\| ${expected} \\|$`)])
      t.match(linesOf(root, `## ${id}: `), [/./], 'it has a section')
    }
  },
)

t.test('a story shows results, and its scenarios link to it', async (t) => {
  const root = emptyRoot(t)
  const told = documentsOf(root).get(story) ?? ''
  t.equal(told, marked.replace('-->\n<', '-->\nNot measured yet.\n<'))
  const link = '[story](scenarios/product-list-slow.md)'
  t.strictSame(
    linesOf(root, 'Implemented').map((facts) => facts.includes(link)),
    scenarioIds.filter((id) => scenarioOf(id).status === 'implemented').map((id) => id === 'E2'),
  )
  accept(root, '2026-01-01-e2')
  t.match(documentsOf(root).get(story), '(../../load/results/2026-01-01-e2/report.md)')
})

t.test('a page with the marker shows the newest run of fairness', async (t) => {
  const fair = '<!-- results:fairness -->\n<!-- /results -->\n'
  const root = t.testdir({ docs: { scenarios: { 'product-list-slow.md': fair } } })
  t.match(documentsOf(root).get(story), '-->\nNot measured yet.\n<')
  const sales = (startedAt: string, inversions: number) =>
    writeFairness(join(root, `load/results/${startedAt.slice(0, 10)}-fairness`), {
      ...{ startedAt, commit: 'abcdef0123', seed: 1, machine: 'simulated', node: 'v26' },
      rounds: [{ variant: 'redis', buyers: 20, came: [9, 9], won: [9, 0], inversions }],
    })
  sales('2026-01-02T08:00:00Z', 0.25)
  sales('2026-01-01T08:00:00Z', 0.5)
  const told = documentsOf(root).get(story) ?? ''
  t.match(told, '| redis | 20 | 1 | 0 | 25.00 % [25.00..25.00] | 100, 0 % |')
  t.match(
    told,
    'Measured on 2026-01-02, commit abcdef0, simulated: [all rounds](../../load/results/2026-01-02-fairness).',
  )
  t.notMatch(told, '50.00 %')
})

t.test('documents that are out of date are found; after writing there are none', async (t) => {
  const root = emptyRoot(t)
  const write = () => {
    for (const [name, text] of staleIn(root)) writeFileSync(join(root, name), text)
  }
  t.strictSame([...staleIn(root).keys()], [page, story])
  write()
  t.strictSame([...staleIn(root).keys()], [])
  const file = join(root, story)
  writeFileSync(file, readFileSync(file, 'utf8').replace('Not measured yet.', 'faster ×9.99'))
  t.strictSame([...staleIn(root).keys()], [story])
  write()
  accept(root, '2026-01-01-e2')
  t.strictSame([...staleIn(root).keys()], [page, story])
})

// `npm run check` compares them with the results.
t.test('every link of these documents has a target', async (t) => {
  for (const name of documentNames(repository)) {
    const text = readFileSync(join(repository, name), 'utf8')
    const targets = Array.from(text.matchAll(/\]\(([^)#:]+)[^):]*\)/g), ([, target = '']) => target)
    const missing = targets.filter((it) => !existsSync(join(repository, dirname(name), it)))
    t.strictSame(missing, [], name)
    const anchors = Array.from(text.matchAll(/\]\(#([^)]+)\)/g), ([, anchor = '']) => anchor)
    const unknown = anchors.filter((anchor) => !headingsOf(text).has(anchor))
    t.strictSame(unknown, [], `anchors of ${name}`)
  }
})

/** Of its second headings, what GitHub makes of them for links. */
const headingsOf = (text: string): Set<string> => {
  const headings = Array.from(text.matchAll(/^## (.*)$/gm), ([, heading = '']) => heading)
  return new Set(headings.map((it) => it.toLowerCase().replace(/[:+]/g, '').replaceAll(' ', '-')))
}
