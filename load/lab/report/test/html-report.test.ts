import t from 'tap'
import type { Slice } from '../../record.ts'
import { arms, header, memory } from '../../verdict/test/simulate.ts'
import { htmlReport } from '../html-report.ts'
import { inFirstBlock, loads, runOf } from './runs.ts'

/** The page, as a reader of its source has it. */

const foreign = { foreignCpu: 0.3 }
const run = runOf({ change: inFirstBlock(foreign) })
const page = htmlReport([run])

const titles = [
  'Speed over the baseline',
  'Slices in the order of time, units of work a second',
  'Ratio of each restart',
  'Latency of ok by quantile',
  'CPU for a unit of work',
  'Rate of each arm',
]

/** Rows are drawn once more for telephones. */
const chartsOf = (html: string) =>
  (html.match(/<svg[\s\S]*?<\/svg>/g) ?? []).filter(
    (svg, at, all) => titleIn(svg) !== titleIn(all[at - 1]),
  )
const titleIn = (svg = '') => /<title>[^<]*<\/title>/.exec(svg)?.[0]
const chartNamed = (html: string, title: string): string =>
  chartsOf(html).find((svg) => svg.includes(`<title>${title}</title>`)) ?? ''
const countOf = (text: string, part: string | RegExp) => text.split(part).length - 1
const firstParagraph = (html: string) => html.match(/<p[^>]*>([\s\S]*?)<\/p>/)?.[1]

t.test('the first sentence is the verdict', async (t) => {
  t.match(
    firstParagraph(page),
    /^E2, capacity: optimized is faster ×\d\.\d\d \[1\.\d+\.\.2\.\d+\]\.$/,
  )
  const equal = htmlReport([runOf({ costs: {}, noise: { slice: 0.03, restart: 0.01 } })])
  t.equal(firstParagraph(equal), 'E2, capacity: optimized is equivalent within ±5 %.')
  const off = htmlReport([runOf({ change: () => ({ witnesses: {} }) })])
  t.match(firstParagraph(off), /^E2, capacity: the comparison of optimized is INVALID: /)
})

t.test('each treatment has a sentence of its own', async (t) => {
  const both = htmlReport([
    runOf({ header: header({ arms: [...arms, memory] }), costs: { optimized: 0.5, memory: 0.25 } }),
  ])
  t.match(firstParagraph(both), /: memory is faster ×[34]\./, 'the best one is the headline')
  t.match(both, /<ul class="rest"><li>E2, capacity: optimized is faster ×/)
})

t.test('every chart is drawn, with a name and a text alternative', async (t) => {
  t.equal(chartsOf(page).length, titles.length)
  for (const title of titles) {
    const svg = chartNamed(page, title)
    t.match(svg, /^<svg class="\w+" role="img" aria-label="[^"]{30,}"/, title)
    t.ok(countOf(svg, /<path|<circle/) > 10, title)
  }
})

t.test('the forest plot has each ratio with its interval, and that of the A/A check', async (t) => {
  const labels = chartNamed(page, titles[0] ?? '').match(/>\d\.\d+ \[\d\.\d+\.\.\d\.\d+\]</g)
  t.equal(labels?.length, 2)
  t.match(page, '<th scope="row">again (A/A check)</th>')
})

t.test('every slice is drawn once, those that do not count as hollow marks', async (t) => {
  const svg = chartNamed(page, titles[1] ?? '')
  const { used, refused } = run.summary.slices
  t.equal(countOf(svg, /<path[^>]* fill="var\(--arm-\d\)"/), used)
  t.equal(
    countOf(svg, /<path[^>]* fill="(?:none|transparent)"[^>]* stroke="var\(--arm-\d\)"/),
    refused.reduce((total, { slices }) => total + slices, 0),
  )
})

t.test('a ceiling of many times the rate does not compress the other arms', async (t) => {
  const far = htmlReport([runOf({ costs: { optimized: 0.5, ceiling: 0.02 } })])
  const svg = chartNamed(far, titles[1] ?? '')
  t.match(svg, 'those of the ceiling are outside the chart')
  t.notMatch(svg, /fill="var\(--arm-4\)"/)
  t.match(chartNamed(page, titles[1] ?? ''), /fill="var\(--arm-4\)"/)
})

t.test('eleven arms have eleven colours', async (t) => {
  const treatments = Array.from({ length: 8 }, (_, at) => ({ ...memory, name: `variant ${at}` }))
  const [baseline, again, , ceiling] = arms
  const cast = [baseline, again, ...treatments, ceiling].flatMap((arm) => arm ?? [])
  const many = htmlReport([
    runOf({
      header: header({ arms: cast, blocks: 1 }),
      restarts: 2,
      change: () => ({ health: {} }),
    }),
  ])
  const legend = /<ul class="legend">[\s\S]*?<\/ul>/.exec(many)?.[0] ?? ''
  t.equal(new Set(legend.match(/--arm-\d+/g)).size, 11)
})

t.test('restarts are marked in the order of time', async (t) => {
  const svg = chartNamed(page, titles[1] ?? '')
  for (let restart = 1; restart <= 10; restart++) t.match(svg, `>${restart}</text>`)
})

t.test(
  'every restart has a dot in the distribution, for the treatment and for the A/A check',
  async (t) => {
    const svg = chartNamed(page, titles[2] ?? '')
    t.equal(countOf(svg, /fill="var\(--arm-3\)"/), 10)
    t.equal(countOf(svg, /fill="var\(--arm-2\)"/), 10)
  },
)

t.test('slices that do not count are listed with their reason', async (t) => {
  t.match(page, '<td class="text">other programs took 30 % of a core</td>')
})

t.test('a quantile with too few values is not drawn', async (t) => {
  // Eight responses per slice are 1,280 per arm: p90 needs 1,000 of them, p95 2,000.
  const change = ({ latency: { ok } }: Slice) => ({
    latency: { ok: { meanMs: ok?.meanMs ?? 0, histogram: { 880: 8 } } },
  })
  const svg = chartNamed(htmlReport([runOf({ change })]), titles[3] ?? '')
  t.match(svg, '>p90</text>')
  t.notMatch(svg, '>p95</text>')
  t.match(chartNamed(page, titles[3] ?? ''), '>p95</text>')
})

t.test('each run has its own part, so loads never share a table or a chart', async (t) => {
  const all = htmlReport(loads.map((load) => runOf({ header: header({ load }) })))
  const parts = all.split('<article').slice(1)
  t.equal(parts.length, 3)
  for (const [index, { mode }] of loads.entries()) {
    t.match(parts[index], `E2 under ${mode} load</h2>`)
    t.equal(chartsOf(parts[index] ?? '').length, titles.length, mode)
    t.equal(countOf(parts[index] ?? '', '<caption>Verdicts'), 1, mode)
  }
})

t.test('the same run gives the same page', async (t) => {
  t.ok(htmlReport([run]) === page)
})

t.test('the page has no script and no external address', async (t) => {
  t.notMatch(page, /<script|<link|<iframe|<img|<object|javascript:|@import/i)
  t.notMatch(page, /\s(?:src|href|on\w+)\s*=/i)
  t.notMatch(page, /https?:|url\(|\/\/\w/i)
  t.match(page, `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`)
})

t.test('text is escaped in tables, names and charts', async (t) => {
  const evil = `</text></style><img src=x onerror="alert('1')">&`
  const named = arms.map((arm) => (arm.name === 'optimized' ? { ...arm, name: evil } : arm))
  const hostile = htmlReport(
    [
      runOf({
        header: header({
          id: evil,
          arms: named,
          commit: evil,
          load: { mode: 'replay', clients: 32, thinkMs: 0, profile: evil },
          versions: { [evil]: evil },
          machine: { cpu: evil, cores: 2, kernel: evil, layout: evil },
        }),
        costs: { [evil]: 0.5 },
        change: ({ cpu, counts }) => ({
          health: { E2: 'optimized' },
          cpu: { ...cpu, [evil]: 1 },
          counts: { ...counts, [evil]: 1 },
        }),
      }),
    ],
    { incomplete: evil },
  )
  t.notMatch(hostile, '<img')
  t.equal(countOf(hostile, '</style>'), 1)
  t.ok(countOf(hostile, '&lt;img src=x onerror=&quot;alert(') > 15)
})

t.test('an incomplete run is marked first of all, and a complete one is not', async (t) => {
  const why = 'It was interrupted in restart 7.'
  const cut = htmlReport([runOf({ restarts: 7 })], { incomplete: why })
  t.equal(firstParagraph(cut), `<strong>Incomplete.</strong> ${why}`)
  t.match(cut, `<li>The run is incomplete: ${why}</li>`)
  t.notMatch(page, /incomplete/i)
})

t.test('a run without slices has a report too', async (t) => {
  const empty = runOf({ restarts: 0 })
  const html = htmlReport([empty], { incomplete: 'It was interrupted at once.' })
  t.match(html, 'E2, capacity: the comparison of optimized is INVALID: ')
  t.same(chartsOf(html), [])
  t.notMatch(html, /NaN|Infinity|undefined/)
})

t.test('a missing figure is never printed as a number', async (t) => {
  const bare = runOf({ header: header({ arms: arms.filter(({ role }) => role !== 'repeat') }) })
  for (const html of [page, htmlReport([bare])]) t.notMatch(html, /NaN|Infinity|undefined/)
})
