import t from 'tap'
import { arms, header } from '../../verdict/test/simulate.ts'
import { markdownReport } from '../markdown-report.ts'
import { inFirstBlock, loads, runOf } from './runs.ts'

/** The summary in Markdown. */

const report = markdownReport([runOf({ change: inFirstBlock({ foreignCpu: 0.3 }) })])
const paragraphs = (markdown: string) => markdown.split('\n\n')

t.test('the first sentence is the verdict', async (t) => {
  const [title, first] = paragraphs(report)
  t.equal(title, '# E2: The product list from a cache')
  t.match(first, /^\*\*E2, capacity: optimized is faster ×\d\.\d\d \[.*\]\.\*\*$/)
})

t.test('an incomplete run is marked before the verdict', async (t) => {
  const [, first] = paragraphs(markdownReport([runOf()], { incomplete: 'It was interrupted.' }))
  t.equal(first, '> **Incomplete.** It was interrupted.')
  t.notMatch(report, /incomplete/i)
})

t.test('every row has as many cells as the head, whatever a text contains', async (t) => {
  const name = 'a|b \\| `c` *d*\n<i>[e](f)'
  const named = arms.map((arm) => (arm.name === 'optimized' ? { ...arm, name } : arm))
  const change = () => ({ health: { E2: 'optimized' } })
  const odd = markdownReport([runOf({ header: header({ arms: named }), change })])
  const tables = paragraphs(odd).filter((part) => part.startsWith('|'))
  t.ok(tables.length >= 7, `${tables.length}`)
  for (const table of tables) {
    const widths = table
      .trim()
      .split('\n')
      .map((line) => line.replace(/\\./g, '').split('|').length)
    t.equal(new Set(widths).size, 1, table)
  }
  t.notMatch(odd, /<i>|\]\(f/)
})

t.test('CPU has one digit, ratios have two, and thousands are separated', async (t) => {
  const quiet = { slice: 0, restart: 0 }
  const plain = markdownReport([runOf({ noise: quiet })])
  t.match(plain, '| baseline | 140.0 | 60.0 | 200.0 |')
  t.match(plain, '| optimized | treatment | 160 | 9,800 |')
  t.match(report, /\| optimized \| faster \| \d\.\d\d \[\d\.\d\d\.\.\d\.\d\d\] \|/)
})

t.test('runs under different loads have separate parts', async (t) => {
  const all = markdownReport(loads.map((load) => runOf({ header: header({ load }) })))
  t.equal(all.match(/^# /gm)?.length, 3)
  t.equal(all.match(/^\*\*Verdicts/gm)?.length, 3)
})

t.test('the report never contains undefined or NaN, even without slices', async (t) => {
  t.notMatch(report + markdownReport([runOf({ restarts: 0 })]), /NaN|Infinity|undefined/)
})
