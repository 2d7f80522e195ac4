import t from 'tap'
import type { Arm, Header } from '../../record.ts'
import { waitingCount } from '../../snapshot.ts'
import { arms, header } from '../../verdict/test/simulate.ts'
import { htmlReport } from '../html-report.ts'
import { runOf } from './runs.ts'

/** Variants that are numbers of one thing make a curve. */

const sizes = [1, 4, 16]
const treatments = sizes.map((size): Arm => {
  const name = `${size}`
  return { name, role: 'treatment', scenarios: { E2: name }, witnesses: [] }
})
const [baseline, again, , ceiling] = arms
const cast = [baseline, again, ...treatments, ceiling].flatMap((arm) => arm ?? [])

const scale = { what: 'connections in the pool', at: { baseline: 8, 1: 1, 4: 4, 16: 16 } }

const pageWith = (changes: Partial<Header>): string =>
  htmlReport([
    runOf({
      header: header({ arms: cast, ...changes }),
      costs: { 1: 2, 4: 0.5, 16: 1 },
      noise: { slice: 0.01, restart: 0.01 },
    }),
  ])

const title = 'Rate, p99 and waiting by connections in the pool'
const curveIn = (page: string): string =>
  (page.match(/<svg[\s\S]*?<\/svg>/g) ?? []).find((svg) => svg.includes(title)) ?? ''
const countOf = (text: string, part: RegExp): number => [...text.matchAll(part)].length

t.test('every arm of the scale has its rate, in ascending order', async (t) => {
  const [, description = ''] =
    /aria-label="[^".]*\. ([^"]*)"/.exec(curveIn(pageWith({ scale }))) ?? []
  const found = description.split('; ').map((words) => {
    const [, name = '', rate = ''] = /^(\w+) ([\d,]+) a second$/.exec(words) ?? []
    return { name, rate: Number(rate.replace(',', '')) }
  })
  t.strictSame(
    found.map(({ name }) => name),
    ['1', '4', 'baseline', '16'],
  )
  const [one = 0, four = 0, eight = 0] = found.map(({ rate }) => rate)
  t.ok(Math.abs(four / eight - 2) < 0.1 && Math.abs(one / eight - 0.5) < 0.1, description)
})

t.test('each rate has a point with its interval, and each p99 a point', async (t) => {
  const svg = curveIn(pageWith({ scale }))
  t.equal(countOf(svg, /<path[^>]* fill="var\(--arm-1\)"/g), 8)
  t.equal(countOf(svg, /<path[^>]* stroke="var\(--ink\)"[^>]*stroke-width="2"/g), 4)
  for (const place of [1, 4, 8, 16]) t.match(svg, `>${place}</text>`)
})

t.test('if statements waited for a connection, a chart shows how long', async (t) => {
  const run = runOf({
    header: header({ arms: cast, scale }),
    noise: { slice: 0.01, restart: 0.01 },
    change: ({ completed, arm }) => ({
      counts: { [waitingCount]: completed * (arm === '1' ? 40 : 2) },
    }),
  })
  const svg = curveIn(htmlReport([run]))
  t.equal(countOf(svg, /<path[^>]* fill="var\(--arm-1\)"/g), 12)
  t.match(svg, 'waiting for a connection')
})

t.test('with too few responses for a p99, only the rates are shown', async (t) => {
  const run = runOf({
    header: header({ arms: cast, scale }),
    noise: { slice: 0.01, restart: 0.01 },
    change: ({ latency: { ok } }) => ({
      latency: { ok: { meanMs: ok?.meanMs ?? 0, histogram: { 880: 8 } } },
    }),
  })
  t.equal(countOf(curveIn(htmlReport([run])), /<path[^>]* fill="var\(--arm-1\)"/g), 4)
})

t.test('there is no curve without a scale, or with fewer than three arms', async (t) => {
  t.equal(curveIn(pageWith({})), '')
  t.equal(curveIn(pageWith({ scale: { ...scale, at: { baseline: 8, 4: 4 } } })), '')
})
