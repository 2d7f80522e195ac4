import t from 'tap'
import { measuredText } from '../../docs/measured.ts'
import { evidenceOf } from '../evidence.ts'
import { htmlReport } from '../html-report.ts'
import { markdownReport } from '../markdown-report.ts'
import { transferTable } from '../tables/transfer.ts'
import { networks, transferMs } from '../transfer.ts'
import { runOf } from './runs.ts'

/** The transfer time of fewer bytes. */

const [threeG, fourG] = networks

t.test('the transfer time is bits over bandwidth', async (t) => {
  t.strictSame(
    networks.map(({ name }) => name),
    ['3G', '4G'],
  )
  for (const network of networks) t.equal(transferMs(0, network), 0)
  if (threeG) t.equal(transferMs(200_000, threeG), 1_000)
  if (fourG) t.equal(transferMs(1_125_000, fourG), 1_000)
})

const bytesOut = { baseline: 500_000, again: 500_000, optimized: 100_000, ceiling: 500_000 }

/** A run whose arms send this many bytes per response. */
const runWith = (bytes: Readonly<Record<string, number>>) =>
  runOf({
    change: ({ arm, completed }) => ({ counts: { 'bytes out': (bytes[arm] ?? 0) * completed } }),
  })

t.test('the reports and the documents show the transfer time of each arm', async (t) => {
  const run = runWith(bytesOut)
  t.strictSame(transferTable(run).rows, [
    ['baseline', '500,000', '2,500', '444'],
    ['again', '500,000', '2,500', '444'],
    ['optimized', '100,000', '500', '89'],
    ['ceiling', '500,000', '2,500', '444'],
  ])
  const { summary } = run
  const result = { id: 'E6', name: '2026-01-01-e6', measurement: 'e6', summary } as const
  for (const text of [markdownReport([run]), measuredText([result], 'README.md', () => 0)]) {
    t.match(text, 'computed for 3G at 1.6 Mbit/s and 4G at 9 Mbit/s')
    t.match(text, '| optimized | 100,000 | 500 | 89 |')
  }
  t.match(htmlReport([run]), 'computed for 3G at 1.6 Mbit/s')
})

t.test('if all services send the same bytes, there is no table', async (t) => {
  const alike = { ...bytesOut, optimized: 499_000 }
  for (const bytes of [{}, alike, { ...alike, ceiling: 400_000 }]) {
    const run = runWith(bytes)
    t.strictSame(transferTable(evidenceOf(run)).rows, [])
    t.notMatch(markdownReport([run]), 'Mbit/s')
  }
})
