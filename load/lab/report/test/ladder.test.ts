import t from 'tap'
import type { Header, Slice } from '../../record.ts'
import { arms, header } from '../../verdict/test/simulate.ts'
import { htmlReport } from '../html-report.ts'
import { runOf } from './runs.ts'

/** What each arm does a second, one below the other. */

const title = 'Rate of each arm'

const ladderOf = (changes: Partial<Header> = {}, costs: Record<string, number> = {}): string => {
  const noise = { slice: 0.01, restart: 0.01 }
  const page = htmlReport([runOf({ header: header({ arms, ...changes }), costs, noise })])
  return (page.match(/<svg[\s\S]*?<\/svg>/g) ?? []).find((svg) => svg.includes(title)) ?? ''
}

const treatment = arms.find(({ role }) => role === 'treatment')?.name ?? ''
const rungsIn = (svg: string) => {
  const [, description = ''] = /aria-label="[^".]*\. ([^"]*)"/.exec(svg) ?? []
  return description.split('; ').map((words) => {
    const [, name = '', rate = ''] = /^(.+) ([\d,]+) a second$/.exec(words) ?? []
    return { name, rate: Number(rate.replaceAll(',', '')) }
  })
}

t.test('every arm but the second baseline has its rate, the fastest last', async (t) => {
  const rungs = rungsIn(ladderOf({}, { [treatment]: 0.5, ceiling: 0.1 }))
  t.strictSame(
    rungs.map(({ name }) => name),
    ['baseline', treatment, 'ceiling'],
  )
  const [slow = 0, fast = 0] = rungs.map(({ rate }) => rate / (rungs[0]?.rate ?? 1))
  t.ok(slow === 1 && Math.abs(fast - 2) < 0.1, `${fast} times as fast`)
})

t.test('if the arms differ in one number, there is a curve instead', async (t) => {
  const at = Object.fromEntries(arms.map(({ name }, index) => [name, index + 1]))
  t.equal(ladderOf({ scale: { what: 'things', at } }), '')
})

t.test('a ceiling that saturated the generator is not drawn', async (t) => {
  const full = ({ arm, durationMs, block }: Slice): Partial<Slice> =>
    arm === 'ceiling' && block % 4 === 0 ? { apartCpu: { generator: 990 * durationMs } } : {}
  const page = htmlReport([runOf({ costs: { [treatment]: 0.5 }, change: full })])
  const svg = (page.match(/<svg[\s\S]*?<\/svg>/g) ?? []).find((each) => each.includes(title)) ?? ''
  t.strictSame(
    rungsIn(svg).map(({ name }) => name),
    ['baseline', treatment],
  )
})
