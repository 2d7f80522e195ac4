import { variantsOf } from '@flash-deal/config'
import { figures, type Table, tableMarkdown, text } from '@flash-deal/local/markdown-table'
import { none, whole } from '../report/numbers.ts'
import { sum } from '../stats/mean.ts'
import { quantile } from '../stats/quantile.ts'
import type { Fairness, Round } from './record.ts'

/** The report of `npm run lab -- fairness`. */

export const pageOf = (run: Fairness): string =>
  [
    '# Who came first, and who won',
    `Commit ${run.commit}, begun ${run.startedAt}, seed ${run.seed}. Machine: ${run.machine}, Node ${run.node}.`,
    tableMarkdown(fairnessTable(run)),
    `${explained}\n`,
  ].join('\n\n')

const explained =
  'Buyers come within a second, through the gateway, under twenty accounts, and whatever becomes of those before them, to a deal with units for half of them. An inversion is a pair of a winner and a loser in which the loser had come first; of all such pairs, none is a queue and half of them a lottery. A round is void where a buyer could not come in time, or got neither an order nor a refusal.'

/** A row for each variant and number of buyers. */
export const fairnessTable = ({ rounds }: Pick<Fairness, 'rounds'>): Table => ({
  caption: 'A deal with units for half of its buyers',
  columns: [
    text('Variant'),
    figures('Buyers within a second'),
    figures('Rounds'),
    figures('Void'),
    figures('Inversions, median [least..most]'),
    figures('Winners in each tenth of the arrivals'),
  ],
  rows: variantsOf('M1').flatMap((variant) =>
    rowsOf(rounds.filter((it) => it.variant === variant)),
  ),
})

const rowsOf = (ofVariant: readonly Round[]): string[][] =>
  [...Map.groupBy(ofVariant, ({ buyers }) => buyers)]
    .sort(([one], [other]) => one - other)
    .map(([, rounds]) => rowOf(rounds))

const rowOf = (rounds: readonly Round[]): string[] => {
  const valid = rounds.filter((round) => round.void === undefined)
  return [
    rounds[0]?.variant ?? none,
    whole(rounds[0]?.buyers ?? 0),
    whole(rounds.length),
    whole(rounds.length - valid.length),
    ...(valid.length === 0 ? [none, none] : [inversionsIn(valid), sharesIn(valid)]),
  ]
}

/** `0.32 % [0.10..0.94]`. */
const inversionsIn = (rounds: readonly Round[]): string => {
  const ascending = rounds.map(({ inversions }) => inversions).sort((one, other) => one - other)
  const figures = [quantile(ascending, 0.5), ascending[0], ascending.at(-1)]
  const [middle, least, most] = figures.map((share = Number.NaN) => (100 * share).toFixed(2))
  return `${middle} % [${least}..${most}]`
}

/** `100, 100, …, 0 %`, of all rounds together. */
const sharesIn = (rounds: readonly Round[]): string => {
  const tenths = rounds[0]?.came.keys() ?? []
  const total = (of: 'came' | 'won', tenth: number) => sum(rounds.map((it) => it[of][tenth] ?? 0))
  const shares = [...tenths].map((tenth) => (100 * total('won', tenth)) / total('came', tenth))
  return `${shares.map(whole).join(', ')} %`
}
